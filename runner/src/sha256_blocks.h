#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace vkforge {

// The eight words of a hash in progress.
using Sha256State = std::array<uint32_t, 8>;

// Takes in whole blocks of 64 bytes (FIPS 180-4, 6.2.2).
void ProcessSha256Blocks(Sha256State& state, const uint8_t* blocks, size_t count);

// The same without instructions of its own.
void ProcessSha256BlocksPortably(Sha256State& state, const uint8_t* blocks, size_t count);

}  // namespace vkforge
