#include "source/source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cdx {
namespace {

class FileSourceTest : public testing::Test {
 protected:
  FileSourceTest() {
    std::string name = (std::filesystem::temp_directory_path() / "creatordex-source-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~FileSourceTest() override {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  FileSourceOptions file(const std::string& name, std::string_view bytes) const {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    FileSourceOptions options;
    options.path = path.string();
    return options;
  }
  std::filesystem::path folder_;
};

struct Pulled {
  std::vector<std::string> bodies, keys, bad;
  std::vector<Cursor> cursors;
  std::string layout;
};

Pulled pull_all(const FileSourceOptions& options) {
  Pulled out;
  const auto source = open_file_source(options);
  EXPECT_TRUE(source.has_value()) << source.error().message;
  if (!source) return out;
  out.layout = (*source)->card().layout;
  std::optional<Cursor> at;
  do {
    const auto page = (*source)->pull(Call{}, at);
    EXPECT_TRUE(page.has_value());
    for (const RawRecord& record : page->records) {
      out.bodies.push_back(record.body);
      out.keys.push_back(record.key);
    }
    for (const BadRecord& bad : page->bad) out.bad.push_back(bad.key + " " + bad.reason);
    at = page->next;
    if (at) out.cursors.push_back(*at);
  } while (at);
  return out;
}

std::string refusal(const FileSourceOptions& options) {
  const auto source = open_file_source(options);
  EXPECT_FALSE(source.has_value());
  return source ? std::string() : source.error().message;
}

using Texts = std::vector<std::string>;

TEST_F(FileSourceTest, BodiesAreVerbatimAndKeysCountEveryRow) {
  const Pulled got = pull_all(file("a.csv", "handle,bio\r\nana,\"two\r\nlines\"\r\n\r\nben, x \r\n"));
  EXPECT_EQ(got.bodies, (Texts{"ana,\"two\r\nlines\"", "ben, x "}));
  EXPECT_EQ(got.keys, (Texts{"row 2", "row 4"}));
}

TEST_F(FileSourceTest, EveryCursorContinuesExactly) {
  std::string text = "handle,bio\n";
  for (int i = 0; i < 50; ++i) text += "user" + std::to_string(i) + ",\"line one\nline \"\"two\"\"\"\n";
  FileSourceOptions options = file("pages.csv", text);
  const Pulled whole = pull_all(options);
  ASSERT_EQ(whole.bodies.size(), 50U);
  options.page_records = 7;
  const Pulled pages = pull_all(options);
  EXPECT_EQ(pages.bodies, whole.bodies);
  EXPECT_EQ(pages.keys, whole.keys);
  for (std::size_t i = 0; i < pages.cursors.size(); ++i) {
    const auto again = open_file_source(options);
    ASSERT_TRUE(again.has_value());
    const auto page = (*again)->pull(Call{}, pages.cursors[i]);
    ASSERT_TRUE(page.has_value());
    const std::size_t first = (i + 1) * 7;
    if (first < whole.bodies.size()) {
      EXPECT_EQ(page->records.front().body, whole.bodies[first]);
    }
  }
}

TEST_F(FileSourceTest, ACursorOfAnotherFileIsAConflictAndNonsenseIsInvalid) {
  FileSourceOptions options = file("c.csv", "handle,n\na,1\nb,2\nc,3\n");
  options.page_records = 1;
  const Pulled before = pull_all(options);
  file("c.csv", "handle,n\na,1\nb,2\nc,4\n");
  const auto changed = open_file_source(options);
  ASSERT_TRUE(changed.has_value());
  EXPECT_EQ((*changed)->pull(Call{}, before.cursors[0]).error().kind, ErrorKind::conflict);
  for (const char* text : {"", "f1", "f1:1:2:3", "f1:1:2:3:4:5", "f1:a:b:c:d", "f2:1:2:3:4"})
    EXPECT_EQ((*changed)->pull(Call{}, Cursor{text}).error().kind, ErrorKind::invalid) << text;
}

TEST_F(FileSourceTest, TheMappingIsPartOfTheLayoutAndItsErrorRefusesTheFile) {
  FileSourceOptions options = file("m.tsv", "Name\tFollowers\nAna\t12\nBen\t13\n");
  TableHead seen;
  options.choose_mapping = [&](const TableHead& head) -> Result<std::string> {
    seen = head;
    return std::string("{\"x\":1}");
  };
  const Pulled got = pull_all(options);
  EXPECT_EQ(seen.columns, (Texts{"Name", "Followers"}));
  EXPECT_EQ(seen.samples, (std::vector<Texts>{{"Ana", "12"}, {"Ben", "13"}}));
  EXPECT_EQ(got.layout,
            "{\"format\":\"csv\",\"delimiter\":\"\\t\",\"quote\":\"\\\"\",\"escape\":\"\\\"\",\"encoding\":"
            "\"utf-8\","
            "\"columns\":[\"Name\",\"Followers\"],\"mapping\":{\"x\":1}}");
  options.choose_mapping = [](const TableHead&) -> Result<std::string> {
    return fail(ErrorKind::invalid, "no");
  };
  EXPECT_EQ(refusal(options), options.path + " no");
}

TEST_F(FileSourceTest, OtherEncodingsBecomeUtf8) {
  EXPECT_EQ(pull_all(file("l.csv", "handle,bio\nana,caf\xE9\n")).bodies, (Texts{"ana,caf\xC3\xA9"}));
  std::string wide = "\xFE\xFF";
  for (const char16_t c : std::u16string_view(u"handle,bio\nana,\u20ac\U0001F600\n")) {
    wide += static_cast<char>(c >> 8);
    wide += static_cast<char>(c & 0xFF);
  }
  EXPECT_EQ(pull_all(file("w.csv", wide)).bodies, (Texts{"ana,\xE2\x82\xAC\xF0\x9F\x98\x80"}));
}

TEST_F(FileSourceTest, DelimitersQuotesAndPreamblesAreFoundOut) {
  EXPECT_NE(pull_all(file("s.csv", "a;b\n1,5;2\n2,5;3\n")).layout.find("\"delimiter\":\";\""),
            std::string::npos);
  EXPECT_NE(pull_all(file("p.txt", "a|b\nx|2\ny|3\n")).layout.find("\"delimiter\":\"|\""), std::string::npos);
  EXPECT_EQ(pull_all(file("e.csv", "sep=;\na;b\nx;2\n")).keys, (Texts{"row 3"}));
  const Pulled titled =
      pull_all(file("t.csv", "Top creators 2022,,\n,,\nhandle,followers,likes\nana,1,2\nben,3,4\n"));
  EXPECT_NE(titled.layout.find("\"columns\":[\"handle\",\"followers\",\"likes\"]"), std::string::npos);
  EXPECT_EQ(titled.keys, (Texts{"row 4", "row 5"}));
  const Pulled bare = pull_all(file("n.csv", "ana,12\nben,13\n"));
  EXPECT_NE(bare.layout.find("\"columns\":[\"c1\",\"c2\"]"), std::string::npos);
  EXPECT_EQ(bare.keys.size(), 2U);
  const Pulled single = pull_all(file("q.csv", "'a','b'\n'x, y','2'\n'it''s','3'\n"));
  EXPECT_NE(single.layout.find("\"quote\":\"'\""), std::string::npos);
}

TEST_F(FileSourceTest, ToldDelimitersAndHeadersWin) {
  FileSourceOptions options = file("d.csv", "a:b,c\n1:2,3\n");
  options.delimiter = ':';
  options.header = false;
  const Pulled got = pull_all(options);
  EXPECT_NE(got.layout.find("\"delimiter\":\":\""), std::string::npos);
  EXPECT_EQ(got.bodies.size(), 2U);
}

TEST_F(FileSourceTest, RaggedRowsAreRepairedOrNamed) {
  const Pulled got = pull_all(file("r.csv", "a,b,c\n1,2,3\n1,2\n1,2,3,\n1,2,3,4\nfoot\n"));
  EXPECT_EQ(got.bodies, (Texts{"1,2,3", "1,2", "1,2,3,"}));
  EXPECT_EQ(got.bad, (Texts{"row 5 has 4 cells under 3 columns", "row 6 has a single cell under 3 columns"}));
}

TEST_F(FileSourceTest, JsonComesInLinesArraysAndEnvelopes) {
  const Texts both = {"{\"a\":1}", "{\"a\":\"]}\\\"\"}"};
  EXPECT_EQ(pull_all(file("l.ndjson", both[0] + "\n\n" + both[1] + "\n")).bodies, both);
  EXPECT_EQ(pull_all(file("a.json", "[" + both[0] + ",\n " + both[1] + "]\n")).bodies, both);
  EXPECT_EQ(pull_all(file("e.json", "{\"total\": 2, \"data\" : [" + both[0] + "," + both[1] + "], \"x\":1}"))
                .bodies,
            both);
  EXPECT_EQ(pull_all(file("p.json", "{\n \"a\": 1\n}\n{\n \"a\": 2\n}")).bodies,
            (Texts{"{\n \"a\": 1\n}", "{\n \"a\": 2\n}"}));
  const Pulled broken = pull_all(file("b.ndjson", both[0] + "\nnot json\n{\"a\":\n" + both[1] + "\n"));
  EXPECT_EQ(broken.bodies, both);
  EXPECT_EQ(broken.bad.size(), 2U);
  EXPECT_EQ(pull_all(file("m.json", "[{\"a\":1}, 1, [2], \"x\", {\"a\":2}]")).bodies,
            (Texts{"{\"a\":1}", "{\"a\":2}"}));
}

TEST_F(FileSourceTest, JsonColumnsAreTheKeysOfTheFirstObjects) {
  FileSourceOptions options = file("k.ndjson", "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"c\":[1],\"a\":2.5}\n");
  TableHead seen;
  options.choose_mapping = [&](const TableHead& head) -> Result<std::string> {
    seen = head;
    return std::string("{}");
  };
  pull_all(options);
  EXPECT_EQ(seen.columns, (Texts{"a", "b", "c"}));
  EXPECT_EQ(seen.samples, (std::vector<Texts>{{"1", "x", ""}, {"2.5", "y", ""}}));
}

TEST_F(FileSourceTest, StandardInputIsReadToItsEnd) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = "handle,followers\nana,12\n";
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  FileSourceOptions options;
  options.path = "-";
  options.standard_input = ends[0];
  EXPECT_EQ(pull_all(options).bodies, (Texts{"ana,12"}));
  ::close(ends[0]);
}

TEST_F(FileSourceTest, BytesInMemoryAreReadAsTheFileWouldBeAndTheirNameOpensNothing) {
  const std::string text = "name,followers\nana,1\nben,2\n";
  const auto kept = file("x.csv", text);
  for (const auto* name : {"x.csv", "-", "/no/such/folder/x.csv", ""}) {
    FileSourceOptions options;
    options.path = name;
    options.bytes = text;
    const auto pulled = pull_all(options);
    EXPECT_EQ(pulled.bodies, pull_all(kept).bodies) << name;
    EXPECT_EQ(pulled.layout, pull_all(kept).layout) << name;
  }
  FileSourceOptions empty;
  empty.path = "empty.csv";
  empty.bytes = "";
  EXPECT_EQ(open_file_source(empty).error().message, "empty.csv is empty");
}

TEST_F(FileSourceTest, AStoppedCallEndsThePull) {
  const auto source = open_file_source(file("x.csv", "a,b\n1,2\n"));
  ASSERT_TRUE(source.has_value());
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  EXPECT_EQ((*source)->pull(call, std::nullopt).error().kind, ErrorKind::cancelled);
}

TEST_F(FileSourceTest, TextThatIsNoTableIsRefused) {
  EXPECT_NE(
      refusal(file("r.md", "# Title\n\nSome words, and more words.\nThe end\n")).find("without a table"),
      std::string::npos);
  EXPECT_NE(refusal(file("h.csv", "<!DOCTYPE html><html></html>")).find("HTML"), std::string::npos);
  EXPECT_NE(refusal(file("e.csv", "")).find("is empty"), std::string::npos);
}

TEST_F(FileSourceTest, FoldersExpandInOneOrder) {
  file("z/b.csv", "x");
  file("z/a/c.csv", "x");
  file("z/.hidden/d.csv", "x");
  file("z/.e.csv", "x");
  const std::string z = (folder_ / "z").string();
  const auto got = expand_paths(Texts{"-", z, z + "/b.csv"});
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(*got, (Texts{"-", z + "/a/c.csv", z + "/b.csv"}));
  const auto missing = expand_paths(Texts{z + "/none"});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace cdx
