#pragma once

#include <string>

#include "run/job_queue.h"

namespace autoreply::test {

/// A job that calls this provider address.
inline ClaimedJob job(const std::string& id, const std::string& provider = {}) {
  return {.job = {.id = {id}}, .provider_address = provider};
}

/// One whose last attempt was broken off.
inline ClaimedJob suspect(const std::string& id, const std::string& provider = {}) {
  ClaimedJob broken_off = job(id, provider);
  broken_off.broken_off = true;
  return broken_off;
}

inline std::string address_of(const JobQueue::Begun& begun) {
  return begun.job.provider_address;
}

}  // namespace autoreply::test
