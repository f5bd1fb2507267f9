# The header-only library `dromos::dromos`: what C++ users find with find_package(dromos).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# In a wheel everything lies inside the Python package; dromos.get_include(), get_cmake_dir() and
# get_pkgconfig_dir() tell where.
if(SKBUILD)
  set(DROMOS_PREFIX "dromos/")
endif()

find_package(Threads REQUIRED)
add_library(dromos INTERFACE)
add_library(dromos::dromos ALIAS dromos)
target_compile_features(dromos INTERFACE cxx_std_20)
target_link_libraries(dromos INTERFACE Threads::Threads)
target_include_directories(
  dromos INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/cpp/include>
                   $<INSTALL_INTERFACE:${DROMOS_PREFIX}include>)

# Same seeds give the same episodes on every machine only if no compiler fuses a multiply and an
# add (-ffp-contract=off). The other two flags change no result: they tell the compiler that nobody
# reads errno or floating-point exception flags, without which it cannot turn a lane into SIMD.
set(DROMOS_COMPILE_OPTIONS -ffp-contract=off -fno-math-errno -fno-trapping-math)
target_compile_options(
  dromos INTERFACE "$<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:${DROMOS_COMPILE_OPTIONS}>"
                   # Clang packs the two coordinates of a body into one register, and waits for it.
                   $<$<CXX_COMPILER_ID:Clang,AppleClang>:-fno-slp-vectorize>)

# Our own sources only: users keep their own warning policy.
add_library(dromos_warnings INTERFACE)
target_compile_options(
  dromos_warnings
  INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
            # Flags are joined by | on purpose: a branch would end SIMD.
            $<$<CXX_COMPILER_ID:Clang,AppleClang>:-Wno-bitwise-instead-of-logical>
            $<$<BOOL:${DROMOS_WERROR}>:-Werror>)

install(TARGETS dromos EXPORT dromosTargets)
install(DIRECTORY cpp/include/dromos DESTINATION ${DROMOS_PREFIX}include)
if(SKBUILD) # the pages that `dromos help` shows
  install(DIRECTORY docs DESTINATION dromos FILES_MATCHING PATTERN "*.md" PATTERN decisions EXCLUDE
          PATTERN images EXCLUDE)
endif()
install(EXPORT dromosTargets NAMESPACE dromos:: DESTINATION ${DROMOS_PREFIX}lib/cmake/dromos)
export(EXPORT dromosTargets NAMESPACE dromos::) # for get_cmake_dir() in a checkout
configure_package_config_file(cmake/dromosConfig.cmake.in dromosConfig.cmake
                              INSTALL_DESTINATION ${DROMOS_PREFIX}lib/cmake/dromos)
write_basic_package_version_file(dromosConfigVersion.cmake COMPATIBILITY SameMinorVersion
                                 ARCH_INDEPENDENT)
configure_file(cmake/dromosModule.cmake dromosModule.cmake COPYONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/dromosConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/dromosConfigVersion.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/dromosModule.cmake
        DESTINATION ${DROMOS_PREFIX}lib/cmake/dromos)

# The same for pkg-config: once for the build tree, once for what is installed and may be moved.
list(JOIN DROMOS_COMPILE_OPTIONS " " DROMOS_CFLAGS)
set(DROMOS_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/cpp/include)
configure_file(cmake/dromos.pc.in dromos.pc @ONLY)
set(DROMOS_INCLUDE_DIR "\${pcfiledir}/../../include")
configure_file(cmake/dromos.pc.in installed/dromos.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/installed/dromos.pc
        DESTINATION ${DROMOS_PREFIX}share/pkgconfig)
