#include "benchmark/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

namespace cdx::benchmark {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Npy : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) / (std::string("npy_") + test->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name = "m.npy") const { return (folder_ / name).string(); }

  // A file as NumPy would write it, its head padded to `align`.
  template <class T>
  std::string write(const std::string& dictionary, const std::vector<T>& values, unsigned char version = 1,
                    std::size_t align = 64) const {
    auto head = dictionary;
    const std::size_t start = version == 1 ? 10 : 12;
    head.append(align - 1 - (start + head.size()) % align, ' ');
    head += '\n';
    std::string bytes("\x93NUMPY", 6);
    bytes += static_cast<char>(version);
    bytes += '\0';
    for (std::size_t i = 0; i < start - 8; ++i) bytes += static_cast<char>(head.size() >> (8 * i) & 0xff);
    bytes += head;
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
    std::ofstream(path(), std::ios::binary) << bytes;
    return path();
  }
  std::string floats(const std::string& shape, const std::vector<float>& values,
                     unsigned char version = 1) const {
    return write("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }", values, version);
  }
  template <class Read>
  void expect_refused(const std::string& file, const std::string& why, Read read) const {
    const auto got = read(file);
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().kind, ErrorKind::invalid);
    EXPECT_THAT(got.error().message, HasSubstr(file));
    EXPECT_THAT(got.error().message, HasSubstr(why));
  }

  std::filesystem::path folder_;
};

TEST_F(Npy, ReadsFloatsOfEveryVersionRowByRow) {
  for (unsigned char version = 1; version <= 3; ++version) {
    const auto matrix = FloatMatrix::open(floats("(2, 3)", {1, 2, 3, 4, 5, 6}, version));
    ASSERT_TRUE(matrix.has_value()) << matrix.error().message;
    EXPECT_EQ(matrix->rows(), 2U);
    EXPECT_EQ(matrix->columns(), 3U);
    EXPECT_THAT(matrix->row(1), ElementsAre(4, 5, 6));
  }
}

TEST_F(Npy, RefusesWhatIsNoSuchMatrixAndSaysWhy) {
  const auto read = [](const std::string& file) { return FloatMatrix::open(file); };
  std::ofstream(path()) << "not a matrix at all";
  expect_refused(path(), "is not a .npy file", read);
  expect_refused(write<double>("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", {1}),
                 "type <f8", read);
  expect_refused(write<float>("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1), }", {1}), "type >f4",
                 read);
  expect_refused(write<float>("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", {1}),
                 "Fortran order", read);
  expect_refused(write<float>("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", {1}),
                 "no plain type", read);
  expect_refused(floats("(4,)", {1, 2, 3, 4}), "has 1 dimension, 2 are needed", read);
  expect_refused(floats("(1, 2, 2)", {1, 2, 3, 4}), "has 3 dimensions", read);
  expect_refused(floats("(2, 3)", {1, 2, 3, 4, 5}), "holds 20 bytes of values, its shape needs 24", read);
  expect_refused(floats("(0, 3)", {}), "is empty", read);
  expect_refused(floats("(4294967296, 4294967296)", {1}), "impossible shape", read);
  expect_refused(floats("what", {1}), "no readable shape", read);
  expect_refused(write<float>("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }", {1}, 1, 63),
                 "no multiple of 4", read);
  expect_refused(floats("(1, 1)", {1}, 4), "version 4", read);
}

TEST_F(Npy, ACutFileIsRefusedAtEveryLength) {
  const auto file = floats("(2, 2)", {1, 2, 3, 4});
  const auto size = std::filesystem::file_size(file);
  for (std::uintmax_t kept = 0; kept < size; ++kept) {
    std::filesystem::copy_file(file, path("cut.npy"), std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(path("cut.npy"), kept);
    EXPECT_FALSE(FloatMatrix::open(path("cut.npy")).has_value()) << kept;
  }
}

TEST_F(Npy, AnAbsentFileIsNotFound) {
  const auto got = FloatMatrix::open(path("absent.npy"));
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, ErrorKind::not_found);
}

TEST_F(Npy, OnlyUnitRowsPassTheCheck) {
  const auto good = FloatMatrix::open(floats("(2, 2)", {0.6F, 0.8F, 0, 1}));
  EXPECT_TRUE(check_unit_rows(*good, "x").has_value());
  for (const float bad :
       {2.0F, 0.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const auto matrix = FloatMatrix::open(floats("(2, 2)", {0.6F, 0.8F, 0, bad}));
    const auto checked = check_unit_rows(*matrix, "here.npy");
    ASSERT_FALSE(checked.has_value());
    EXPECT_THAT(checked.error().message, HasSubstr("here.npy: row 1 has length"));
  }
}

TEST_F(Npy, ReadsLabels) {
  const auto labels = read_labels(
      write<std::uint8_t>("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", {0, 255, 1}));
  ASSERT_TRUE(labels.has_value()) << labels.error().message;
  EXPECT_THAT(*labels, ElementsAre(0, 255, 1));
  expect_refused(floats("(3,)", {1, 2, 3}), "|u1 (uint8) is needed",
                 [](const std::string& file) { return read_labels(file); });
}

TEST_F(Npy, RowNumbersComeBackAsTheyWereWritten) {
  RowMatrix rows{2, 3, {5, -1, 1LL << 40U, 0, 7, -1}};
  ASSERT_TRUE(write_rows(path("rows.npy"), rows).has_value());
  const auto back = read_rows(path("rows.npy"));
  ASSERT_TRUE(back.has_value()) << back.error().message;
  EXPECT_EQ(back->rows, 2U);
  EXPECT_EQ(back->columns, 3U);
  EXPECT_EQ(back->values, rows.values);
  EXPECT_EQ((std::filesystem::file_size(path("rows.npy")) - rows.values.size() * sizeof(std::int64_t)) % 64,
            0U);
}

TEST_F(Npy, ReadsNarrowRowNumbers) {
  const auto rows =
      read_rows(write<std::int32_t>("{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }", {-1, 9}));
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_THAT(rows->values, ElementsAre(-1, 9));
}

}  // namespace
}  // namespace cdx::benchmark
