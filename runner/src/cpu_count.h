#pragma once

#include <string>

namespace vkforge {

// Threads for a run where the user names none: the physical cores that the process may use (affinity mask,
// hardware threads of one core counted once), no more than the cgroup's CPU quota, and at most 4. A small
// network gains nothing from more, and loses much once threads wait for each other on busy cores: 16 threads
// took four times as long as 1 with Debian's libtorch. A phone's fast cluster has 4 cores or fewer.
int DefaultThreadCount();

// Distinct cores among the CPUs 0..n-1 of the affinity mask, from the files below sysfs_cpu
// (/sys/devices/system/cpu). CPUs without topology files count as cores.
int CountPhysicalCores(const std::string& sysfs_cpu);

// The quota in whole CPUs, rounded up, from cgroup v2 cpu.max text ("200000 100000"); 0 if there is none.
int ParseCpuMax(const std::string& text);

}  // namespace vkforge
