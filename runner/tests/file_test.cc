#include "file.h"

#include <sys/stat.h>

#include "test_support.h"

namespace vkforge {
namespace {

TEST(FileTest, ReadsWhatItWrote) {
  const std::string path = MakeTestFolder() + "/file";
  WriteFile(path, "a\0b", 3);
  EXPECT_EQ(ReadTextFile(path), std::string("a\0b", 3));
  EXPECT_EQ(ReadBinaryFile(path), (std::vector<uint8_t>{'a', 0, 'b'}));
  const FileDigest digest = DigestFile(path);
  EXPECT_EQ(digest.size_bytes, 3u);
  EXPECT_EQ(digest.sha256.size(), 64u);
}

TEST(FileTest, WriteFileReplacesTheOldFile) {
  const std::string path = MakeTestFolder() + "/file";
  WriteFile(path, "long text", 9);
  WriteFile(path, "x", 1);
  EXPECT_EQ(ReadTextFile(path), "x");
}

TEST(FileTest, NamesTheMissingFile) {
  const Failure failure = FailureOf([] { ReadTextFile("/no/such/file"); });
  EXPECT_EQ(failure.code, FailureCode::kIo);
  EXPECT_EQ(failure.message, "Cannot open \"/no/such/file\": No such file or directory");
}

TEST(FileTest, WriteFileFailsWhereTheFolderIsMissing) {
  EXPECT_EQ(FailureOf([] { WriteFile("/no/such/file", "", 0); }).code, FailureCode::kIo);
}

TEST(FileTest, MakeDirectoryMakesParentsAndAcceptsExistingOnes) {
  const std::string path = MakeTestFolder() + "/a/b";
  MakeDirectory(path);
  MakeDirectory(path + "/");
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_TRUE(S_ISDIR(status.st_mode));
}

TEST(FileTest, MakeDirectoryFailsOnAFile) {
  const std::string path = MakeTestFolder() + "/file";
  WriteFile(path, "", 0);
  EXPECT_EQ(FailureOf([&] { MakeDirectory(path); }).message,
            "Cannot make the folder \"" + path + "\": Not a directory");
}

TEST(FileTest, DirectoryOf) {
  EXPECT_EQ(DirectoryOf("a/b/c.json"), "a/b");
  EXPECT_EQ(DirectoryOf("c.json"), ".");
  EXPECT_EQ(DirectoryOf("/c.json"), "/");
}

}  // namespace
}  // namespace vkforge
