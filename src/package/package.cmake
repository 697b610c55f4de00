# `cmake --install`, the Debian package and the archive for other distributions. `scripts/package` makes both.
include(GNUInstallDirs)
set(schedules ${PROJECT_SOURCE_DIR}/cron)
set(package ${CMAKE_CURRENT_LIST_DIR})

# What both packages hold is `shared`, the two programs are `packaged` and `portable`.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME shared)
install(TARGETS autoreply RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT packaged)
include(${package}/portable.cmake)

# The manual is the program's own help, so it is never behind it.
set(manual ${PROJECT_BINARY_DIR}/autoreply.1)
add_custom_command(OUTPUT ${manual}
  COMMAND ${package}/manual $<TARGET_FILE:autoreply> ${manual}
  DEPENDS autoreply ${package}/manual VERBATIM)
add_custom_target(manual DEPENDS ${manual})
install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)

install(FILES ${package}/completion.bash RENAME autoreply
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${package}/completion.zsh RENAME _autoreply
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)

install(FILES ${schedules}/autoreply.service ${schedules}/autoreply.timer
        DESTINATION lib/systemd/system)

set(examples ${CMAKE_INSTALL_DATADIR}/doc/autoreply/examples)
install(FILES ${schedules}/autoreply.toml ${schedules}/crontab ${schedules}/kubernetes.yaml
              ${schedules}/kubernetes-migrate.yaml ${schedules}/kubernetes-backfill.yaml
              ${schedules}/alerts.yaml ${schedules}/grafana.json
        DESTINATION ${examples})
install(FILES ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/autoreply)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/autoreply)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PROJECT_CONFIG_FILE ${package}/generator.cmake)
set(CPACK_AUTOREPLY_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_AUTOREPLY_ARCHITECTURE ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_NAME autoreply)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The autoreply maintainers <maintainers@autoreply.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Batch job runner that answers text messages with AI")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Claims due rows of a live-chat application's queue, asks the workspace's AI provider for a\n"
    " reply, hands it to the application's /send-sms, and exits with a status that says how it went.")
list(JOIN CPACK_DEBIAN_PACKAGE_DESCRIPTION "" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
# The libraries that the program is linked with, from their packages.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${package}/postinst)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_OUTPUT_FILE_PREFIX ${PROJECT_BINARY_DIR})
include(CPack)
