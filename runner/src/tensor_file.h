#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vkforge {

enum class DType { kFloat32, kFloat16, kInt64, kInt32, kUInt8, kBool };

// The name as it stands in a tensor header: "float32".
const char* DTypeText(DType dtype);
size_t DTypeSize(DType dtype);

// A tensor as it lies in a file: row-major, little-endian.
struct HostTensor {
  std::string name;
  DType dtype = DType::kFloat32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> data;
};

// Reads a header (x.json) and the data file that it names beside itself, and checks size and SHA-256. Throws
// FailureError with kBadInput where they do not agree, kIo where a file cannot be read.
HostTensor ReadTensor(const std::string& header_path);

// Writes BASE.json and BASE.bin into the folder; returns the SHA-256 of the data.
std::string WriteTensor(const HostTensor& tensor, const std::string& directory, const std::string& base);

}  // namespace vkforge
