// Takes in what clients send: tables of creators, pictures, vectors of pictures. Private to serve.
//
// Promises: each thing sent has its own outcome with a reason, and one that is refused leaves no trace but
// its rows in quarantine; sending the same again changes nothing. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/time.h"
#include "pipeline/import.h"
#include "serve/pictures.h"

namespace cdx::serve {

enum class TakenAs : std::uint8_t {
  accepted,     // all of it is kept
  partly,       // some rows are in quarantine
  unchanged,    // all of it was known
  refused,      // nothing is kept; the reason says why
  not_reached,  // the time allowed was over: send it again
};
std::string_view name(TakenAs as);

struct Taken {
  std::string name;       // of the file, or where it stands in the body
  std::string_view kind;  // "data", "picture", "embedding"
  TakenAs as = TakenAs::refused;
  std::string reason;                   // of what was refused
  std::optional<ImportReport> rows;     // of data
  std::optional<KnownPicture> picture;  // of a picture
};

// What is declared of data as a whole.
struct IntakeTerms {
  std::optional<Platform> platform;
  Provenance origin;
};

// Borrows everything; `pictures` may be null.
class Intake {
 public:
  Intake(IntakeDesk& desk, PictureDesk* pictures, const Clock& clock)
      : desk_(desk), pictures_(pictures), clock_(clock) {}

  // A table of creators in any form that import reads.
  Taken data(const Call& call, std::string name, std::string_view bytes, const IntakeTerms& terms);
  Taken picture(const Call& call, std::string name, NewPicture picture);
  // A vector of a picture that the account has, in a space that is known here, as a unit vector.
  Taken embedding(const Call& call, std::string name, AccountId account, const Digest& sha256,
                  std::string_view space, std::vector<float> values);

  // The account that shows a creator's pictures where none is named: its first. `not_found` says which id.
  Result<AccountId> account_of(const Call& call, std::string_view creator, std::string_view account) const;

 private:
  Status import(const Call& call, const std::string& name, std::string_view bytes, const IntakeTerms& terms,
                ImportReport& report);
  Status keep(const Call& call, AccountId account, const Digest& sha256, std::string_view space,
              std::vector<float>& values);

  IntakeDesk& desk_;
  PictureDesk* pictures_;
  const Clock& clock_;
  std::timed_mutex importing_;  // one table at a time: they write to the same log
};

}  // namespace cdx::serve
