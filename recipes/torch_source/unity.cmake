# Compiles the files of a folder eight at a time: most of what a single file costs are the templates of ATen's
# headers. unity_apart.txt names the files that cannot stand beside their neighbours.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/unity_apart.txt" APART)
set(GROUP_SIZE 8)
# Some files define these to forbid themselves a header; the next file in the unit may need it.
set_target_properties(
  torch_cpu
  PROPERTIES UNITY_BUILD ON
             UNITY_BUILD_MODE GROUP
             UNITY_BUILD_CODE_BEFORE_INCLUDE
             "#undef TORCH_ASSERT_NO_OPERATORS\n#undef TORCH_ASSERT_ONLY_METHOD_OPERATORS")

get_target_property(SOURCES torch_cpu SOURCES)
foreach(SOURCE IN LISTS SOURCES)
  get_filename_component(SOURCE "${SOURCE}" ABSOLUTE)
  # Generated files are as long as a group. Those of core/ are quick.
  if(NOT SOURCE MATCHES "^${Torch_SOURCE_DIR}/(aten/src/ATen|torch/csrc)/(.*)\\.cpp$")
    continue()
  endif()
  set(TOP "${CMAKE_MATCH_1}")
  set(NAME "${CMAKE_MATCH_2}")
  get_filename_component(FOLDER "${NAME}" DIRECTORY)
  if(FOLDER MATCHES "^core")
    continue()
  endif()
  string(MAKE_C_IDENTIFIER "${TOP}_${FOLDER}" FOLDER)
  if(NOT DEFINED COUNT_${FOLDER})
    set(COUNT_${FOLDER} 0)
  endif()
  math(EXPR GROUP "${COUNT_${FOLDER}} / ${GROUP_SIZE}")
  math(EXPR COUNT_${FOLDER} "${COUNT_${FOLDER}} + 1")
  if(NOT NAME IN_LIST APART)
    set_source_files_properties("${SOURCE}" PROPERTIES UNITY_GROUP "${FOLDER}_${GROUP}")
  endif()
endforeach()

# VulkanMemoryAllocator 3.2 needs C++17, and must be read before ATen's headers.
set_source_files_properties(
  "${Torch_SOURCE_DIR}/aten/src/ATen/native/vulkan/api/Allocator.cpp"
  PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS -std=gnu++17)

# Generated, and both define what a header of the precompiled one has defined or used by then.
set_source_files_properties(
  "${CMAKE_BINARY_DIR}/aten/src/ATen/UfuncCPU_add.cpp"
  "${CMAKE_BINARY_DIR}/aten/src/ATen/core/TensorMethods.cpp"
  PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
