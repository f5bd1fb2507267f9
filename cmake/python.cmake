# The extension module dromos._core.
find_package(Python 3.10 REQUIRED COMPONENTS Interpreter Development.Module NumPy)
execute_process(
  COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir
  OUTPUT_STRIP_TRAILING_WHITESPACE
  OUTPUT_VARIABLE nanobind_ROOT COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind CONFIG REQUIRED)

file(GLOB DROMOS_BIND_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cpp/bind/*.cpp
                                            ${PROJECT_SOURCE_DIR}/cpp/bind/envs/*.cpp)
nanobind_add_module(_core NB_STATIC NB_SUPPRESS_WARNINGS ${DROMOS_BIND_SOURCES})
target_link_libraries(_core PRIVATE dromos dromos_warnings Python::NumPy)
target_compile_definitions(_core PRIVATE NPY_NO_DEPRECATED_API=NPY_2_0_API_VERSION
                                         DROMOS_VERSION="${PROJECT_VERSION}")
# nanobind optimises modules for size; the kernels want speed.
target_compile_options(_core PRIVATE $<$<CONFIG:Release>:-O3>)
install(TARGETS _core LIBRARY DESTINATION dromos)
