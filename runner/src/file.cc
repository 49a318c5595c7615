#include "file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "failure.h"
#include "sha256.h"

// POSIX calls and no std::filesystem: NDK r21, which builds this for Android, has no library for it.

namespace vkforge {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[noreturn]] void FailIo(const std::string& doing, const std::string& path, int error) {
  throw FailureError(
      {FailureCode::kIo, "Cannot " + doing + " \"" + path + "\": " + std::strerror(error), "", ""});
}

File Open(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) FailIo("open", path, errno);
  return file;
}

template <typename Consumer>
void ReadChunks(const std::string& path, Consumer consume) {
  const File file = Open(path);
  std::vector<char> chunk(1 << 20);
  for (;;) {
    errno = 0;
    const size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get());
    consume(chunk.data(), size);
    if (size < chunk.size()) {
      if (std::ferror(file.get())) FailIo("read", path, errno);
      return;
    }
  }
}

}  // namespace

std::string ReadTextFile(const std::string& path) {
  std::string text;
  ReadChunks(path, [&](const char* data, size_t size) { text.append(data, size); });
  return text;
}

std::vector<uint8_t> ReadBinaryFile(const std::string& path) {
  std::vector<uint8_t> bytes;
  ReadChunks(path, [&](const char* data, size_t size) { bytes.insert(bytes.end(), data, data + size); });
  return bytes;
}

void WriteFile(const std::string& path, const void* data, size_t size) {
  const std::string temporary = path + ".part" + std::to_string(getpid());
  std::FILE* const file = std::fopen(temporary.c_str(), "wb");
  if (!file) FailIo("write", path, errno);
  errno = 0;
  const bool written = std::fwrite(data, 1, size, file) == size;
  const int write_error = errno;
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = written ? errno : write_error;
    std::remove(temporary.c_str());
    FailIo("write", path, error);
  }
}

void MakeDirectory(const std::string& path) {
  for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    struct stat status {};
    if (mkdir(part.c_str(), 0777) != 0 && !(stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode))) {
      FailIo("make the folder", part, errno == EEXIST ? ENOTDIR : errno);
    }
    if (end == std::string::npos) return;
  }
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

FileDigest DigestFile(const std::string& path) {
  Sha256 hash;
  uint64_t total = 0;
  ReadChunks(path, [&](const char* data, size_t size) {
    hash.Update(data, size);
    total += size;
  });
  return {hash.HexDigest(), total};
}

}  // namespace vkforge
