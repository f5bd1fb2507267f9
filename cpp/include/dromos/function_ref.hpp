// A callable that somebody else owns, of which only the signature is known.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace dromos {

template <class Signature>
class FunctionRef;

// Lives no longer than what it refers to: for parameters.
template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>)
  FunctionRef(const F& function)
      : function_(std::addressof(function)),
        call_([](const void* called, Arguments... arguments) -> Result {
          return (*static_cast<const F*>(called))(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const {
    return call_(function_, std::forward<Arguments>(arguments)...);
  }

 private:
  const void* function_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace dromos
