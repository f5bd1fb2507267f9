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
target_link_libraries(_core PRIVATE dromos dromos_warnings Python::NumPy ${CMAKE_DL_LIBS})
target_compile_definitions(_core PRIVATE NPY_NO_DEPRECATED_API=NPY_2_0_API_VERSION
                                         DROMOS_VERSION="${PROJECT_VERSION}")
# What Python ends a daemon thread by is caught in interpreter.hpp with libstdc++; libc++ shows it to
# nobody but this function of its own, through which interpreter.cpp then goes.
include(CheckCXXSymbolExists)
check_cxx_symbol_exists(_LIBCPP_VERSION version DROMOS_LIBCPP)
if(DROMOS_LIBCPP AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
  target_link_options(_core PRIVATE -Wl,--wrap=__gxx_personality_v0)
  target_compile_definitions(_core PRIVATE DROMOS_WRAPS_PERSONALITY)
endif()
# nanobind optimises modules for size; the kernels want speed.
target_compile_options(_core PRIVATE $<$<CONFIG:Release>:-O3>)
# Sources that share headers and templates go through the compiler as one, which reads and
# instantiates these once. Few groups make a build short, several keep cores busy and make what is
# compiled after a change small. The two files that define a table of NumPy's functions, numpy_arrays
# and space_arrays, share none with those that use one.
set_target_properties(_core PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
set_target_properties(nanobind-static PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
function(compile_together name)
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/cpp/bind/)
  list(TRANSFORM ARGN APPEND .cpp)
  set_source_files_properties(${ARGN} PROPERTIES UNITY_GROUP ${name})
endfunction()
compile_together(poles envs/acrobot envs/cartpole)
compile_together(hills_and_tables envs/pendulum envs/mountain_car envs/continuous_mountain_car
                 envs/taxi envs/frozen_lake envs/cliff_walking envs/blackjack)
compile_together(plane envs/lunar_lander envs/bipedal_walker envs/car_racing plane_worlds
                 register_plane)
compile_together(spaces space_batches space_elements space_flattening space_rows space_sampling
                 register_spaces mujoco_lane mujoco_pool register_mujoco)
compile_together(calls lane_step limited_step reset_path vector_batch vector_rollout batch_fields
                 register_batch python_lanes register_episodes register_workers observations infos
                 gathered_infos split_infos)
compile_together(rooms module guard interpreter catalogue modules numpy_arrays register_math register_raster
                 register_threads)
compile_together(kernels register_rng register_pixels register_statistics)
install(TARGETS _core LIBRARY DESTINATION dromos)
