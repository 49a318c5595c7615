# Stands in for fbjni, a submodule that Debian's archive of PyTorch leaves out.
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/fbjni.cpp" "extern \"C\" int standin_fbjni() { return 1; }\n")
add_library(fbjni SHARED "${CMAKE_CURRENT_BINARY_DIR}/fbjni.cpp")
