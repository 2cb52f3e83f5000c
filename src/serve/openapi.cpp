// The OpenAPI document, written from the table of routes and the schemas in openapi_schemas.json and
// openapi_picture_schemas.json.
#include <map>

#include "base/json_text.h"
#include "serve/problem.h"
#include "serve/routes.h"

namespace cdx::embedded {
std::string_view openapi_schemas();
std::string_view openapi_picture_schemas();
}  // namespace cdx::embedded

namespace cdx::serve {
namespace {

std::string reference(std::string_view schema) { return "#/components/schemas/" + std::string(schema); }

void write_reference(JsonWriter& out, std::string_view schema) {
  out.key("schema").object([&] { out.key("$ref").value(reference(schema)); });
}

void write_parameters(JsonWriter& out, const Route& route) {
  if (route.parameters.empty()) return;
  out.key("parameters").array([&] {
    for (const auto& parameter : route.parameters)
      out.object([&] {
        out.key("name").value(parameter.name);
        out.key("in").value(parameter.place);
        out.key("required").value(parameter.place == "path");
        out.key("description").value(parameter.description);
        out.key("schema").raw(parameter.schema);
        if (!parameter.example.empty()) out.key("example").raw(parameter.example);
      });
  });
}

void write_examples(JsonWriter& out, const std::vector<Example>& examples) {
  out.key("examples").object([&] {
    for (const auto& example : examples)
      out.key(example.name).object([&] { out.key("value").raw(example.body); });
  });
}

// Both files are one object each: their members, one behind the other.
std::string schemas() {
  const auto inside = [](std::string_view object) {
    const auto begin = object.find('{') + 1;
    return object.substr(begin, object.rfind('}') - begin);
  };
  return "{" + std::string(inside(embedded::openapi_schemas())) + "," +
         std::string(inside(embedded::openapi_picture_schemas())) + "}";
}

void write_body(JsonWriter& out, const Route& route) {
  if (route.body.empty() && route.form.empty()) return;
  out.key("requestBody").object([&] {
    out.key("required").value(true);
    out.key("content").object([&] {
      if (!route.body.empty())
        out.key("application/json").object([&] {
          write_reference(out, route.body);
          write_examples(out, route.examples);
        });
      if (!route.form.empty())
        out.key("multipart/form-data").object([&] {
          write_reference(out, route.form);
          write_examples(out, route.form_examples);
        });
      if (!route.raw_body.empty())
        out.key(route.raw_body).object([&] {
          out.key("schema").object([&] { out.key("type").value("string"); });
        });
    });
  });
}

void write_problem(JsonWriter& out, std::string_view status, std::string_view description) {
  out.key(status).object([&] {
    out.key("description").value(description);
    out.key("content").object(
        [&] { out.key("application/problem+json").object([&] { write_reference(out, "Problem"); }); });
  });
}

void write_responses(JsonWriter& out, const Route& route) {
  out.key("responses").object([&] {
    out.key(std::to_string(route.success)).object([&] {
      out.key("description").value(route.summary);
      out.key("headers").object([&] {
        out.key("X-Request-Id").object([&] {
          out.key("schema").object([&] { out.key("type").value("string"); });
        });
      });
      if (route.media_type.empty()) return;
      out.key("content").object([&] {
        out.key(route.media_type).object([&] {
          if (route.answer.empty())
            out.key("schema").object([&] { out.key("type").value("string"); });
          else
            write_reference(out, route.answer);
        });
      });
    });
    for (const int status : route.errors)
      write_problem(out, std::to_string(status), problem_type(status).title);
    write_problem(out, "default", "Any other error");
  });
}

void write_operation(JsonWriter& out, const Route& route) {
  std::string method(route.method);
  for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
  out.key(method).object([&] {
    out.key("operationId").value(route.operation);
    out.key("summary").value(route.summary);
    write_parameters(out, route);
    write_body(out, route);
    write_responses(out, route);
  });
}

}  // namespace

std::string openapi_document(std::string_view version) {
  std::map<std::string_view, std::vector<const Route*>> paths;
  for (const auto& route : routes()) paths[route.path].push_back(&route);
  JsonWriter out;
  out.object([&] {
    out.key("openapi").value("3.1.0");
    out.key("info").object([&] {
      out.key("title").value("creatordex");
      out.key("summary").value("Finds creators by words, meaning and filters");
      out.key("version").value(version);
      out.key("license").object([&] {
        out.key("name").value("Apache-2.0");
        out.key("identifier").value("Apache-2.0");
      });
    });
    out.key("servers").array([&] { out.object([&] { out.key("url").value("/"); }); });
    out.key("paths").object([&] {
      for (const auto& [path, operations] : paths)
        out.key(path).object([&, &listed = operations] {
          for (const auto* route : listed) write_operation(out, *route);
        });
    });
    out.key("components").object([&] { out.key("schemas").raw(schemas()); });
  });
  return out.take();
}

}  // namespace cdx::serve
