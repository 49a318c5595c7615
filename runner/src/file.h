#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vkforge {

// All of these throw FailureError with kIo, naming the file and the system's reason.

std::string ReadTextFile(const std::string& path);
std::vector<uint8_t> ReadBinaryFile(const std::string& path);

// Writes to a temporary name in the same folder and renames, so that the file is whole or not there.
void WriteFile(const std::string& path, const void* data, size_t size);

// Makes the folder and its parents; an existing folder is fine.
void MakeDirectory(const std::string& path);

// The part before the last slash; "." if there is none.
std::string DirectoryOf(const std::string& path);

struct FileDigest {
  std::string sha256;
  uint64_t size_bytes;
};

FileDigest DigestFile(const std::string& path);

}  // namespace vkforge
