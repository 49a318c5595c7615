#pragma once

#include <initializer_list>
#include <sstream>
#include <string>

namespace vkforge {

// Writes one JSON object member by member, in the order of the calls.
class JsonObject {
 public:
  JsonObject& text(const char* key, const std::string& value) { return raw(key, quoted(value)); }
  JsonObject& flag(const char* key, bool value) { return raw(key, value ? "true" : "false"); }
  JsonObject& object(const char* key, const JsonObject& value) { return raw(key, value.str()); }

  template <typename Number>
  JsonObject& number(const char* key, Number value) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << value;
    return raw(key, text.str());
  }

  template <typename Number, size_t size>
  JsonObject& numbers(const char* key, const Number (&values)[size]) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    for (size_t i = 0; i < size; i++) text << (i == 0 ? "[" : ",") << values[i];
    return raw(key, text.str() + "]");
  }

  std::string str() const { return "{" + members_ + "}"; }

 private:
  JsonObject& raw(const char* key, const std::string& value) {
    if (!members_.empty()) members_ += ",";
    members_ += quoted(key) + ":" + value;
    return *this;
  }

  static std::string quoted(const std::string& text) {
    static const char* const digits = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text) {
      const unsigned char byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        result += '\\';
        result += c;
      } else if (byte < 0x20) {
        result += "\\u00";
        result += digits[byte >> 4];
        result += digits[byte & 15];
      } else {
        result += c;
      }
    }
    return result + "\"";
  }

  std::string members_;
};

}  // namespace vkforge
