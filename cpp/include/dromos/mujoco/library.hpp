// MuJoCo as it was found at run time: a table of its functions and of where its structs hold what
// robots read. Nothing of MuJoCo is needed to build this, and nothing is linked.
//
// MuJoCo's errors leave a function by longjmp, past every destructor: between `Guard::run` and the
// functions of this table no object with a destructor may be alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace dromos::mujoco {

// MuJoCo's own structs (mjModel, mjData, mjBatch), never looked into but through `Layout`.
struct Model;
struct Data;
struct Batch;

struct BatchConfig {  // mjBatchConfig
  int threads;
  bool persistent;
};

using LaneFunction = void (*)(const Model*, Data*, int lane, void* argument);

struct Functions {
  void (*step)(const Model*, Data*);
  void (*forward)(const Model*, Data*);
  void (*rne_post_constraint)(const Model*, Data*);
  void (*reset_data)(const Model*, Data*);
  Batch* (*make_batch)(const Model*, int lanes, const BatchConfig*, char* error, int error_size);
  void (*delete_batch)(Batch*);
  int (*apply)(Batch*, const int* lanes, int count, LaneFunction, void* argument, int save);
  const char* (*error)(const Batch*, int lane);
  const int* (*status)(const Batch*);
  double* (*state)(Batch*);
  int (*state_size)(const Batch*);
  void* (*expand)(Batch*, const char* field, int* size, int* element_size);
  const void* (*expanded)(const Batch*, const char* field, int* size, int* element_size);
  int (*set_const)(Batch*, const int* lanes, int count);
  void (*get_data)(Batch*, int lane, Data*);
  void (*get_model)(Batch*, int lane, Model*);
};

// Bytes from the beginning of the struct to a member.
struct Layout {
  std::ptrdiff_t timestep, body_mass;  // of mjModel; of mjData:
  std::ptrdiff_t warning, qpos, qvel, ctrl, xpos, xipos, site_xpos, cinert, cvel, cfrc_ext;
  std::ptrdiff_t qfrc_actuator, qfrc_constraint, ten_length, ten_velocity;
};

// One of NumPy's elementwise functions, double to double: its own loop, so that the bits are those
// of `np.sin`, whichever code NumPy chose for this processor.
struct Elementwise {
  void (*loop)(char** arguments, const std::intptr_t* count, const std::intptr_t* strides, void*);
  void* data;

  void operator()(const double* from, std::intptr_t count, double* to) const {
    char* arguments[] = {reinterpret_cast<char*>(const_cast<double*>(from)),
                         reinterpret_cast<char*>(to)};
    const std::intptr_t strides[] = {sizeof(double), sizeof(double)};
    loop(arguments, &count, strides, data);
  }
};

struct Library {
  Functions call;
  Layout layout;
  Elementwise sin, cos;
  bool fused_norm;       // whether NumPy's `linalg.norm` contracts to fused multiply-adds here
  int first_divergence;  // mjWARN_BADQPOS: the first of the three warnings after which MuJoCo
                         // has reset the simulation
  const Model* empty_model;
};

// Runs functions under MuJoCo's own protection from its errors. The public way to that is
// `mjb_apply`: a batch of one empty simulation, whose function works on whatever it is handed.
class Guard {
 public:
  explicit Guard(const Library& library) : library_(library) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() {
    for (Batch* batch : idle_) library_.call.delete_batch(batch);
  }

  // Whether `function(argument)` came to its end; if not, `message` is MuJoCo's.
  bool run(LaneFunction function, void* argument, std::string& message) {
    Batch* batch = take(message);
    if (batch == nullptr) return false;
    const int lane = 0;
    const bool done = library_.call.apply(batch, &lane, 1, function, argument, 0) == 0;
    if (!done) message = library_.call.error(batch, 0);
    const std::lock_guard lock(mutex_);
    idle_.push_back(batch);
    return done;
  }

 private:
  Batch* take(std::string& message) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Batch* batch = idle_.back();
        idle_.pop_back();
        return batch;
      }
    }
    const BatchConfig config{1, false};
    char error[1000] = "";
    Batch* batch = library_.call.make_batch(library_.empty_model, 1, &config, error, sizeof error);
    if (batch == nullptr) message = error;
    return batch;
  }

  const Library& library_;
  std::mutex mutex_;
  std::vector<Batch*> idle_;  // as many as ever were in use at a time
};

}  // namespace dromos::mujoco
