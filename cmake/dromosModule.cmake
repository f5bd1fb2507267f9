# dromos_add_module(<target> <source>...): a library of environments that Python loads, from sources
# of which one says DROMOS_MODULE. It is found by the target's name, wherever it is installed.
function(dromos_add_module target)
  add_library(${target} MODULE ${ARGN})
  target_link_libraries(${target} PRIVATE dromos::dromos)
  # Only DROMOS_MODULE's function is seen from outside: two libraries in one process share nothing.
  set_target_properties(${target} PROPERTIES PREFIX "" SUFFIX ".so" CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
  # The kernels are loops that compilers turn into SIMD from here on.
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O3>)
endfunction()
