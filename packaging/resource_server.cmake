# find_package(oauth2ctl [COMPONENTS database]): oauth2ctl::resource_server, and with the component
# oauth2ctl::resource_server_database, which needs SQLite.
function(oauth2_installed_library name export_name)
  set(objects "")
  foreach(part ${ARGN})
    list(APPEND objects $<TARGET_OBJECTS:oauth2_${part}>)
  endforeach()
  add_library(${name} STATIC ${objects})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME oauth2ctl_${export_name}
                                           EXPORT_NAME ${export_name})
  target_compile_features(${name} INTERFACE cxx_std_20)
  target_include_directories(${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  # httplib's flags decide the layout of its classes, which are in the header.
  target_link_libraries(${name} INTERFACE PkgConfig::HTTPLIB fmt::fmt OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
  install(TARGETS ${name} EXPORT oauth2ctl_${export_name} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT oauth2ctl_${export_name} FILE oauth2ctl-${export_name}.cmake NAMESPACE oauth2ctl::
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/oauth2ctl)
endfunction()

set(parts base crypto fetch scope resource_server)
oauth2_installed_library(oauth2_installed_resource_server resource_server ${parts})
oauth2_installed_library(oauth2_installed_resource_server_database resource_server_database ${parts}
                         db store protocol admin account resource_server_database)
target_link_libraries(oauth2_installed_resource_server_database INTERFACE
                      SQLiteCpp SQLite::SQLite3 PkgConfig::ARGON2 ${CMAKE_DL_LIBS})

install(FILES core/resource_server/resource_server.h core/resource_server/database/database_validator.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/oauth2ctl)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(generated/oauth2ctl-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES packaging/oauth2ctl-config.cmake ${CMAKE_BINARY_DIR}/generated/oauth2ctl-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/oauth2ctl)
