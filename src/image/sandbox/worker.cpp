#include "image/sandbox/worker.h"

#include <libheif/heif.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "image/codecs.h"
#include "image/sandbox/confine.h"
#include "image/sandbox/protocol.h"

namespace cdx::image {
namespace {

// One message; false when there is none any more.
template <class Message>
bool receive(Message& message) {
  ssize_t got = 0;
  do {
    got = read(worker_socket, &message, sizeof message);
  } while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof message) && message.magic == protocol_magic;
}

template <class Message>
bool send(const Message& message) {
  ssize_t put = 0;
  do {
    put = write(worker_socket, &message, sizeof message);
  } while (put < 0 && errno == EINTR);
  return put == static_cast<ssize_t>(sizeof message);
}

template <std::size_t N>
void put_text(char (&out)[N], std::string_view text) {
  std::memcpy(out, text.data(), std::min(text.size(), N - 1));
}

std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * 4096;
}

// The memory that the limit on address space leaves is that of the pictures: arenas and stacks that reserve
// much and use little would eat it.
void reserve_little() {
  mallopt(M_ARENA_MAX, 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

class Worker {
 public:
  Worker(const Hello& hello, std::uint8_t* memory) : hello_(hello), memory_(memory) {}

  Reply serve(const Request& request, const std::function<void(std::string_view)>& before) const {
    Reply reply;
    if (request.bytes > hello_.input_bytes) return reply;
    const std::string_view bytes(reinterpret_cast<const char*>(memory_), request.bytes);
    // Should the service die while this takes for ever.
    alarm(request.time_ms / 1000 + 5);
    if (before) before(bytes);
    const Reserve reserve = [this](std::uint64_t size) {
      return size <= hello_.output_bytes ? memory_ + hello_.input_bytes : nullptr;
    };
    DecodeOptions options;
    options.max_bytes = request.max_bytes;
    options.max_pixels = request.max_pixels;
    options.memory_bytes = request.memory_bytes;
    options.shortest_side = request.shortest_side;
    Inspection about;
    decode_into(Call::within(std::chrono::milliseconds(request.time_ms)), bytes, options, reserve, about,
                reply.picture_width, reply.picture_height);
    alarm(0);
    reply.outcome = static_cast<std::uint8_t>(about.outcome);
    reply.format = static_cast<std::uint8_t>(about.format);
    reply.width = about.width;
    reply.height = about.height;
    reply.frames = about.frames;
    put_text(reply.reason, about.reason);
    return reply;
  }

 private:
  Hello hello_;
  std::uint8_t* memory_;
};

}  // namespace

int worker_main(const std::function<void(std::string_view)>& before) {
  Hello hello;
  if (!receive(hello)) return 2;
  reserve_little();
  heif_init(nullptr);
  const auto size = hello.input_bytes + hello.output_bytes;
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, worker_memory, 0);
  close(worker_memory);
  if (memory == MAP_FAILED) return 2;
  // Pixels in shared memory count, and so does what the program takes by itself.
  const auto taken = resident_bytes() + hello.output_bytes;
  const auto left = hello.memory_bytes > taken ? hello.memory_bytes - taken : 0;
  const auto confined = confine({left, hello.cpu_seconds});
  Ready ready;
  ready.confined = confined.has_value();
  if (!confined) put_text(ready.reason, confined.error().message);
  if (!send(ready) || !confined) return 2;
  const Worker worker(hello, static_cast<std::uint8_t*>(memory));
  Request request;
  while (receive(request))
    if (!send(worker.serve(request, before))) break;
  _exit(0);  // no destructor of any library runs in here
}

}  // namespace cdx::image
