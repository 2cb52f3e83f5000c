// Certificates are checked: a server that made its own is refused until it is named as trusted.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>

#include "io/http/http_client.h"

namespace cdx::http {
namespace {

struct Free {
  void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
  void operator()(X509* one) const { X509_free(one); }
  void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
  void operator()(SSL* one) const { SSL_free(one); }
  void operator()(std::FILE* one) const { (void)std::fclose(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> self_signed(EVP_PKEY* key, const char* name) {
  Owned<X509> cert(X509_new());
  X509_set_version(cert.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3'600);
  X509_set_pubkey(cert.get(), key);
  auto* subject = X509_get_subject_name(cert.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1,
                             -1, 0);
  X509_set_issuer_name(cert.get(), subject);
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name);
  X509_add_ext(cert.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(cert.get(), key, EVP_sha256());
  return cert;
}

// Answers every TLS connection with 200 and "ok".
class TlsServer {
 public:
  explicit TlsServer(const char* name, bool rude = false)
      : rude_(rude), key_(EVP_RSA_gen(2'048)), cert_(self_signed(key_.get(), name)) {
    SSL_CTX_use_certificate(context_.get(), cert_.get());
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    std::memcpy(&generic, &at, sizeof generic);
    socklen_t size = sizeof generic;
    EXPECT_EQ(::bind(listener_, &generic, sizeof generic), 0);
    EXPECT_EQ(::listen(listener_, 8), 0);
    ::getsockname(listener_, &generic, &size);
    std::memcpy(&at, &generic, sizeof at);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/"; }
  void write_certificate(const std::string& path) const {
    const Owned<std::FILE> file(std::fopen(path.c_str(), "w"));
    PEM_write_X509(file.get(), cert_.get());
  }

 private:
  void serve() {
    sigset_t pipe;  // the program's other threads keep their own mask
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;
         ::close(socket)) {
      const timeval patience{5, 0};
      ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      const Owned<SSL> ssl(SSL_new(context_.get()));
      SSL_set_fd(ssl.get(), socket);
      if (SSL_accept(ssl.get()) != 1) continue;
      if (rude_) {  // a reset, while the client still sends
        const linger now{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        continue;
      }
      char bytes[4'096];
      if (SSL_read(ssl.get(), bytes, sizeof bytes) <= 0) continue;
      constexpr std::string_view answer =
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
      SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(ssl.get());
    }
  }

  bool rude_;
  Owned<EVP_PKEY> key_;
  Owned<X509> cert_;
  Owned<SSL_CTX> context_{SSL_CTX_new(TLS_server_method())};
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string certificate_path() {
  return (std::filesystem::path(testing::TempDir()) / ("cdx-tls-" + std::to_string(getpid()) + ".pem"))
      .string();
}

TEST(HttpClientTls, RefusesACertificateThatNobodyVouchesFor) {
  const TlsServer server("IP:127.0.0.1");
  const auto answer = (*open_http_client({}))->send({}, {"GET", server.url(), {}, ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized) << answer.error().message;
}

TEST(HttpClientTls, AcceptsTheCertificatesItIsTold) {
  const TlsServer server("IP:127.0.0.1");
  const auto path = certificate_path();
  server.write_certificate(path);
  const auto answer = (*open_http_client({.ca_file = path}))->send({}, {"GET", server.url(), {}, ""});
  std::filesystem::remove(path);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "ok");
}

TEST(HttpClientTls, RefusesATrustedCertificateOfAnotherMachine) {
  const TlsServer server("DNS:elsewhere.example");
  const auto path = certificate_path();
  server.write_certificate(path);
  const auto answer = (*open_http_client({.ca_file = path}))->send({}, {"GET", server.url(), {}, ""});
  std::filesystem::remove(path);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unauthorized) << answer.error().message;
}

TEST(HttpClientTls, SurvivesAPeerThatClosesWhileWeSend) {
  ASSERT_NE(std::signal(SIGPIPE, SIG_DFL), SIG_ERR);  // nobody else looks after it
  const TlsServer server("IP:127.0.0.1", true);
  const auto path = certificate_path();
  server.write_certificate(path);
  const auto client = *open_http_client({.ca_file = path});
  for (int i = 0; i < 5; ++i) {
    const auto answer = client->send({}, {"POST", server.url(), {}, std::string(8'000'000, 'x')});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::unavailable) << answer.error().message;
  }
  std::filesystem::remove(path);
}

TEST(HttpClientTls, SaysThatAListOfCertificatesIsMissing) {
  const TlsServer server("IP:127.0.0.1");
  const auto answer =
      (*open_http_client({.ca_file = "no/such/file.pem"}))->send({}, {"GET", server.url(), {}, ""});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::invalid) << answer.error().message;
}

}  // namespace
}  // namespace cdx::http
