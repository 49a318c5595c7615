#include "cpu_count.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

namespace vkforge {
namespace {

constexpr int kMaxDefaultThreads = 4;

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The process's own cgroup below the v2 mount; the limits of all its parents hold too.
int CgroupV2Quota() {
  std::ifstream file("/proc/self/cgroup");
  std::string line;
  int quota = 0;
  while (std::getline(file, line)) {
    if (line.rfind("0::", 0) != 0) continue;
    for (std::string path = line.substr(3);; path.erase(path.rfind('/'))) {
      const int limit = ParseCpuMax(FirstLine("/sys/fs/cgroup" + path + "/cpu.max"));
      if (limit > 0) quota = quota == 0 ? limit : std::min(quota, limit);
      if (path.rfind('/') == std::string::npos) break;
    }
  }
  return quota;
}

int CgroupV1Quota() {
  const std::string folder = "/sys/fs/cgroup/cpu/cpu.cfs_";
  return ParseCpuMax(FirstLine(folder + "quota_us") + " " + FirstLine(folder + "period_us"));
}

}  // namespace

int DefaultThreadCount() {
  int count = CountPhysicalCores("/sys/devices/system/cpu");
  for (const int quota : {CgroupV2Quota(), CgroupV1Quota()}) {
    if (quota > 0) count = std::min(count, quota);
  }
  return std::max(1, std::min(count, kMaxDefaultThreads));
}

int CountPhysicalCores(const std::string& sysfs_cpu) {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return 1;
  std::set<std::string> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    // Hardware threads of one core share this list. core_id would not do: on Arm it repeats per cluster.
    const std::string siblings =
        FirstLine(sysfs_cpu + "/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
    cores.insert(siblings.empty() ? std::to_string(cpu) : siblings);
  }
  return static_cast<int>(cores.size());
}

int ParseCpuMax(const std::string& text) {
  std::istringstream stream(text);
  double quota_us = 0;
  double period_us = 0;
  if (!(stream >> quota_us >> period_us) || quota_us <= 0 || period_us <= 0) return 0;
  return std::max(1, static_cast<int>((quota_us + period_us - 1) / period_us));
}

}  // namespace vkforge
