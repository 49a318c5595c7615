#include "tensor_file.h"

#include "file.h"
#include "sha256.h"
#include "test_support.h"

namespace vkforge {
namespace {

const char* const kSha256OfAbcd = "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589";

class TensorFileTest : public testing::Test {
 protected:
  // Writes x.json with the text and x.bin with "abcd"; returns the header's path.
  std::string Write(const std::string& header) {
    WriteFile(folder_ + "/x.bin", "abcd", 4);
    WriteFile(folder_ + "/x.json", header.data(), header.size());
    return folder_ + "/x.json";
  }

  std::string Header(const std::string& dtype, const std::string& shape, const std::string& sha256) {
    return "{\"schema\":1,\"name\":\"x\",\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
           ",\"data\":\"x.bin\",\"sha256\":\"" + sha256 + "\"}";
  }

  Failure ReadFailure(const std::string& header) {
    const std::string path = Write(header);
    const Failure failure = FailureOf([&] { ReadTensor(path); });
    EXPECT_EQ(failure.code, FailureCode::kBadInput);
    return failure;
  }

  std::string MessageStart() { return "Cannot use the tensor \"" + folder_ + "/x.json\": "; }

  std::string folder_ = MakeTestFolder();
};

TEST_F(TensorFileTest, ReadsWhatItWrote) {
  const HostTensor tensor{"output.key", DType::kInt32, {2, 1}, {1, 0, 0, 0, 255, 255, 255, 255}};
  const std::string sha256 = WriteTensor(tensor, folder_, "output0");
  EXPECT_EQ(sha256, Sha256Hex(tensor.data.data(), tensor.data.size()));
  const HostTensor read = ReadTensor(folder_ + "/output0.json");
  EXPECT_EQ(read.name, tensor.name);
  EXPECT_EQ(read.dtype, tensor.dtype);
  EXPECT_EQ(read.shape, tensor.shape);
  EXPECT_EQ(read.data, tensor.data);
}

TEST_F(TensorFileTest, ReadsEveryDtypeAndAScalar) {
  EXPECT_EQ(ReadTensor(Write(Header("float32", "[]", kSha256OfAbcd))).data.size(), 4u);
  EXPECT_EQ(ReadTensor(Write(Header("float16", "[2]", kSha256OfAbcd))).dtype, DType::kFloat16);
  EXPECT_EQ(ReadTensor(Write(Header("bool", "[1,4]", kSha256OfAbcd))).dtype, DType::kBool);
}

TEST_F(TensorFileTest, RefusesAWrongSize) {
  EXPECT_EQ(ReadFailure(Header("float32", "[2]", kSha256OfAbcd)).message,
            MessageStart() + "\"x.bin\" has 4 bytes, dtype and shape need 8");
}

TEST_F(TensorFileTest, RefusesAWrongHash) {
  EXPECT_EQ(ReadFailure(Header("float32", "[1]", "00")).message,
            MessageStart() + "sha256 of \"x.bin\" is " + kSha256OfAbcd + ", the header says 00");
}

TEST_F(TensorFileTest, RefusesAnUnknownDtype) {
  EXPECT_EQ(ReadFailure(Header("float64", "[1]", kSha256OfAbcd)).message,
            MessageStart() + "unknown dtype \"float64\"");
}

TEST_F(TensorFileTest, RefusesImpossibleShapes) {
  EXPECT_EQ(ReadFailure(Header("float32", "[-1]", kSha256OfAbcd)).message,
            MessageStart() + "its shape has a negative extent");
  EXPECT_EQ(
      ReadFailure(Header("float32", "[9000000000000000000,9000000000000000000]", kSha256OfAbcd)).message,
      MessageStart() + "its shape is too large");
}

TEST_F(TensorFileTest, RefusesHeadersThatAreNotValid) {
  for (const std::string header : {"", "{", "[]", "{\"schema\":1}", "{\"schema\":1,\"name\":5}"}) {
    EXPECT_EQ(ReadFailure(header).message, MessageStart() + "its header is not valid") << header;
  }
  EXPECT_EQ(ReadFailure("{\"schema\":2}").message, MessageStart() + "its schema is 2, known is 1");
}

TEST_F(TensorFileTest, RefusesDataOutsideTheFolder) {
  const std::string header =
      "{\"schema\":1,\"name\":\"x\",\"dtype\":\"bool\",\"shape\":[4],\"data\":\"../x.bin\",\"sha256\":\"\"}";
  EXPECT_EQ(ReadFailure(header).message, MessageStart() + "\"data\" must name a file in the same folder");
}

}  // namespace
}  // namespace vkforge
