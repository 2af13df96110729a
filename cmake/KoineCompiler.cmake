# How our own code is compiled: language level, warnings as errors, sanitizers, ccache when it is there.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set_property(GLOBAL PROPERTY USE_FOLDERS ON)

find_program(KOINE_CCACHE ccache)
if(KOINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # base_dir and no hash_dir: several build folders of one checkout share their hits.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
                                  ${KOINE_CCACHE})
endif()

add_library(koine_compile_options INTERFACE)
target_compile_options(
  koine_compile_options
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Werror
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wnull-dereference
            -Wimplicit-fallthrough)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # What is shipped is one program: nobody puts other functions in place of its own, so they may be inlined although they
  # are position independent. The frame pointer's register is worth more than perf's shortest way to a call chain
  # (--call-graph=dwarf finds chains by the unwind tables).
  # Where a hot loop begins in a cache line moves a row of bench/transcode by up to a tenth: it is not left to chance.
  target_compile_options(koine_compile_options INTERFACE -fno-semantic-interposition -falign-functions=64
                                                         -falign-loops=32)
else()
  target_compile_options(koine_compile_options INTERFACE -fno-omit-frame-pointer)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences, overflows and uninitialised members that inlining invents in its own library.
  target_compile_options(koine_compile_options INTERFACE -Wno-null-dereference -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(KOINE_SANITIZE)
  add_compile_options(-fsanitize=${KOINE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KOINE_SANITIZE})
endif()
if(KOINE_FUZZ)
  # libFuzzer's counters in all that is ours, not in the standard library's containers: a search is for new branches of the
  # first, and each counter has its price in every run. libFuzzer's main function is in the fuzz programs alone
  # (cmake/KoineFuzz.cmake).
  add_compile_options(-fsanitize=fuzzer-no-link -fsanitize-coverage-ignorelist=${CMAKE_SOURCE_DIR}/fuzz/not_counted.txt)
  # Checks of every pointer take a fifth of a run. The address sanitizer sees where a null pointer or one beyond its object
  # leads to; fuzz_replay in preset asan runs all that was kept with every check there is.
  add_compile_options(-fno-sanitize=alignment,null,object-size,vptr)
endif()
