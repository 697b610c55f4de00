# What differs between the Debian package and the archive. CPack reads it once for each.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_PACKAGING_INSTALL_PREFIX /)
  set(CPACK_PACKAGE_FILE_NAME
      "${CPACK_PACKAGE_NAME}-${CPACK_PACKAGE_VERSION}-linux-${CPACK_AUTOREPLY_ARCHITECTURE}")
  set(program portable)
else()
  set(program packaged)
endif()
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${CPACK_AUTOREPLY_BUILD}" autoreply ${program} / "${CPACK_AUTOREPLY_BUILD}" autoreply shared /)
