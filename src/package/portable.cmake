# The program for other distributions, with its libraries beside it. They are linked dynamically: some have
# licences that ask for it, and Debian has no static versions of others. The machine's own are glibc and what
# its administrator keeps: certificates and time zones.
set(licences ${CMAKE_INSTALL_DATADIR}/doc/autoreply/licences)

# An RPATH, not the newer RUNPATH: that would not hold for the libraries of libraries, and LD_LIBRARY_PATH
# would beat it.
add_executable(portable EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/src/main.cc)
target_link_libraries(portable PRIVATE autoreply_core autoreply_warnings)
target_link_options(portable PRIVATE -Wl,--disable-new-dtags)
set_target_properties(portable PROPERTIES
  OUTPUT_NAME autoreply
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/portable
  BUILD_WITH_INSTALL_RPATH ON
  INSTALL_RPATH "$ORIGIN/../lib")

install(TARGETS portable RUNTIME_DEPENDENCY_SET bundled
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT portable EXCLUDE_FROM_ALL)
# glibc's parts belong to the loader, whose path is fixed.
install(RUNTIME_DEPENDENCY_SET bundled
        PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv|util|anl|mvec)\\.so"
        LIBRARY DESTINATION lib COMPONENT portable EXCLUDE_FROM_ALL)
# A library that is linked statically, or is a header, has no file of its own: its package is named here.
install(CODE "execute_process(COMMAND ${package}/licences
          \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib\"
          \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${licences}\"
          libcli11-dev libcmark-dev libexpected-dev libsoci-dev libutf8proc-dev nlohmann-json3-dev
          COMMAND_ERROR_IS_FATAL ANY)"
        COMPONENT portable EXCLUDE_FROM_ALL)
