#include "sha256.h"

#include <algorithm>
#include <cstring>

namespace vkforge {
void Sha256::Update(const void* data, size_t size) {
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  total_size_ += size;
  while (size > 0) {
    if (pending_size_ == 0 && size >= pending_.size()) {
      const size_t blocks = size / pending_.size();
      ProcessSha256Blocks(state_, bytes, blocks);
      bytes += blocks * pending_.size();
      size -= blocks * pending_.size();
      continue;
    }
    const size_t taken = std::min(size, pending_.size() - pending_size_);
    std::memcpy(pending_.data() + pending_size_, bytes, taken);
    pending_size_ += taken;
    bytes += taken;
    size -= taken;
    if (pending_size_ == pending_.size()) {
      ProcessSha256Blocks(state_, pending_.data(), 1);
      pending_size_ = 0;
    }
  }
}

std::string Sha256::HexDigest() {
  const uint64_t bit_count = total_size_ * 8;
  const uint8_t end_mark = 0x80;
  const uint8_t zero = 0;
  Update(&end_mark, 1);
  while (pending_size_ != 56) Update(&zero, 1);
  uint8_t length[8];
  for (int i = 0; i < 8; i++) length[i] = static_cast<uint8_t>(bit_count >> (56 - 8 * i));
  Update(length, sizeof(length));

  std::string hex;
  for (const uint32_t word : state_) {
    for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(word >> shift) & 15];
  }
  return hex;
}

std::string Sha256Hex(const void* data, size_t size) {
  Sha256 hash;
  hash.Update(data, size);
  return hash.HexDigest();
}

}  // namespace vkforge
