# Third-party libraries, all from the distribution (scripts/packages.txt); docs/dependencies.md says why each.
# CMake's own config files are used where the package ships them; the others are found by header and library.
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
# Used while a configuration loads and then no more: linked in, since relocating their shared libraries would be most of
# the time to start, and their pages a third of the memory. What reads peers' bytes stays shared, to be updated alone.
set(Protobuf_USE_STATIC_LIBS ON)
find_package(Protobuf REQUIRED)

add_library(protobuf INTERFACE)
target_link_libraries(protobuf INTERFACE protobuf::libprotobuf)

# koine_find_library(<name> HEADER <header> [LIBRARY <lib>]): an INTERFACE target <name> for a library without a config file.
function(koine_find_library name)
  cmake_parse_arguments(ARG "" "HEADER;LIBRARY" "" ${ARGN})
  if(NOT ARG_LIBRARY)
    set(ARG_LIBRARY ${name})
  endif()
  find_path(KOINE_${name}_INCLUDE ${ARG_HEADER} REQUIRED)
  find_library(KOINE_${name}_LIBRARY ${ARG_LIBRARY} REQUIRED)
  mark_as_advanced(KOINE_${name}_INCLUDE KOINE_${name}_LIBRARY)
  add_library(${name} INTERFACE)
  target_include_directories(${name} SYSTEM INTERFACE ${KOINE_${name}_INCLUDE})
  target_link_libraries(${name} INTERFACE ${KOINE_${name}_LIBRARY})
endfunction()

koine_find_library(event_core HEADER event2/event.h)
koine_find_library(event_pthreads HEADER event2/thread.h)
koine_find_library(nghttp2 HEADER nghttp2/nghttp2.h)
koine_find_library(xxhash HEADER xxhash.h)
koine_find_library(z HEADER zlib.h)
koine_find_library(yaml-cpp HEADER yaml-cpp/yaml.h LIBRARY libyaml-cpp.a)

# "|name version…" of what is linked, for `koine version`.
find_package(PkgConfig REQUIRED)
set(KOINE_LIBRARY_VERSIONS)
foreach(library libevent_core libnghttp2 protobuf yaml-cpp spdlog fmt zlib libxxhash)
  execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --modversion ${library} OUTPUT_VARIABLE version
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(version)
    string(APPEND KOINE_LIBRARY_VERSIONS "|${library} ${version}")
  endif()
endforeach()
if(KOINE_BUILD_TESTS OR KOINE_BUILD_BENCH)  # the opponent and referee of our own codecs
  koine_find_library(thrift HEADER thrift/Thrift.h)
endif()
