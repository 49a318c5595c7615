#include "tensor_file.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "failure.h"
#include "file.h"
#include "sha256.h"

namespace vkforge {
namespace {

using nlohmann::ordered_json;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "tensor files are little-endian and copied as they are");

struct DTypeEntry {
  DType dtype;
  const char* text;
  size_t size;
};

constexpr DTypeEntry kDTypes[] = {
    {DType::kFloat32, "float32", 4}, {DType::kFloat16, "float16", 2}, {DType::kInt64, "int64", 8},
    {DType::kInt32, "int32", 4},     {DType::kUInt8, "uint8", 1},     {DType::kBool, "bool", 1},
};

[[noreturn]] void FailInput(const std::string& path, const std::string& reason,
                            const std::string& hint = "") {
  throw FailureError({FailureCode::kBadInput, "Cannot use the tensor \"" + path + "\": " + reason, hint, ""});
}

// The header's fields, before anything is known of the data.
struct Header {
  HostTensor tensor;
  std::string data_file;
  std::string sha256;
  size_t size_bytes;
};

DType ParseDType(const std::string& path, const std::string& text) {
  for (const DTypeEntry& entry : kDTypes) {
    if (text == entry.text) return entry.dtype;
  }
  FailInput(path, "unknown dtype \"" + text + "\"", "Use float32, float16, int64, int32, uint8 or bool");
}

size_t CheckedSize(const std::string& path, const HostTensor& tensor) {
  size_t size = DTypeSize(tensor.dtype);
  for (const int64_t extent : tensor.shape) {
    if (extent < 0) FailInput(path, "its shape has a negative extent");
    if (extent != 0 && size > std::numeric_limits<size_t>::max() / 2 / static_cast<size_t>(extent)) {
      FailInput(path, "its shape is too large");
    }
    size *= static_cast<size_t>(extent);
  }
  return size;
}

Header ParseHeader(const std::string& path) {
  const std::string text = ReadTextFile(path);
  try {
    const ordered_json json = ordered_json::parse(text);
    if (json.at("schema") != 1) FailInput(path, "its schema is " + json.at("schema").dump() + ", known is 1");
    Header header;
    header.tensor.name = json.at("name").get<std::string>();
    header.tensor.dtype = ParseDType(path, json.at("dtype").get<std::string>());
    header.tensor.shape = json.at("shape").get<std::vector<int64_t>>();
    header.data_file = json.at("data").get<std::string>();
    header.sha256 = json.at("sha256").get<std::string>();
    if (header.data_file.empty() || header.data_file.find('/') != std::string::npos) {
      FailInput(path, "\"data\" must name a file in the same folder");
    }
    header.size_bytes = CheckedSize(path, header.tensor);
    return header;
  } catch (const nlohmann::json::exception& error) {
    throw FailureError(
        {FailureCode::kBadInput, "Cannot use the tensor \"" + path + "\": its header is not valid",
         "Expected {\"schema\":1,\"name\",\"dtype\",\"shape\",\"data\",\"sha256\"}", error.what()});
  }
}

}  // namespace

const char* DTypeText(DType dtype) {
  for (const DTypeEntry& entry : kDTypes) {
    if (dtype == entry.dtype) return entry.text;
  }
  return "";
}

size_t DTypeSize(DType dtype) {
  for (const DTypeEntry& entry : kDTypes) {
    if (dtype == entry.dtype) return entry.size;
  }
  return 0;
}

HostTensor ReadTensor(const std::string& header_path) {
  Header header = ParseHeader(header_path);
  header.tensor.data = ReadBinaryFile(DirectoryOf(header_path) + "/" + header.data_file);
  if (header.tensor.data.size() != header.size_bytes) {
    FailInput(header_path, "\"" + header.data_file + "\" has " + std::to_string(header.tensor.data.size()) +
                               " bytes, dtype and shape need " + std::to_string(header.size_bytes));
  }
  const std::string sha256 = Sha256Hex(header.tensor.data.data(), header.tensor.data.size());
  if (sha256 != header.sha256) {
    FailInput(header_path,
              "sha256 of \"" + header.data_file + "\" is " + sha256 + ", the header says " + header.sha256);
  }
  return std::move(header.tensor);
}

std::string WriteTensor(const HostTensor& tensor, const std::string& directory, const std::string& base) {
  const std::string data_file = base + ".bin";
  const std::string sha256 = Sha256Hex(tensor.data.data(), tensor.data.size());
  const ordered_json header{
      {"schema", 1},           {"name", tensor.name}, {"dtype", DTypeText(tensor.dtype)},
      {"shape", tensor.shape}, {"data", data_file},   {"sha256", sha256}};
  const std::string text = header.dump() + "\n";
  WriteFile(directory + "/" + data_file, tensor.data.data(), tensor.data.size());
  WriteFile(directory + "/" + base + ".json", text.data(), text.size());
  return sha256;
}

}  // namespace vkforge
