#include "claim/workspace_turns.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoreply {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> ids(const std::vector<Pick>& picks) {
  std::vector<std::string> ids;
  for (const Pick& pick : picks) ids.push_back(pick.id);
  return ids;
}

Offer offer(std::size_t tenant, const std::vector<std::string>& jobs) {
  Offer offer{.tenant = tenant};
  for (const std::string& job : jobs) offer.candidates.push_back({job, "contact of " + job});
  return offer;
}

TEST(WorkspaceTurns, TakeOneOfEachInTurn) {
  const std::vector<Tenant> tenants{{"a"}, {"b"}, {"c"}};
  const std::vector<Offer> offers{
      offer(0, {"a1", "a2", "a3", "a4"}), offer(1, {"b1"}), offer(2, {"c1", "c2"})};
  EXPECT_THAT(ids(take_turns(tenants, offers, {}, 6)),
              ElementsAre("a1", "b1", "c1", "a2", "c2", "a3"));
  EXPECT_THAT(ids(take_turns(tenants, offers, {}, 2)), ElementsAre("a1", "b1"));
  EXPECT_THAT(take_turns(tenants, offers, {}, 0), IsEmpty());
}

TEST(WorkspaceTurns, GiveAContactOnePlace) {
  const std::vector<Tenant> tenants{{"a"}, {"b"}};
  std::vector<Offer> offers{offer(0, {"a1", "a2"}), offer(1, {"b1"})};
  offers[0].candidates[1].contact_id = offers[0].candidates[0].contact_id;
  offers[1].candidates[0].contact_id = offers[0].candidates[0].contact_id;
  EXPECT_THAT(ids(take_turns(tenants, offers, {}, 9)), ElementsAre("a1"));
  for (Offer& each : offers) {
    for (Candidate& candidate : each.candidates) candidate.contact_id.clear();
  }
  EXPECT_EQ(3U, take_turns(tenants, offers, {}, 9).size())
      << "jobs without a contact are no contact's";
}

TEST(WorkspaceTurns, KeepToTheRoomOfATenant) {
  const std::vector<Tenant> tenants{{.workspace_id = "a", .room = 1}};
  const std::vector<Offer> offers{offer(0, {"a1", "a2"}), offer(0, {"a3"})};
  EXPECT_THAT(ids(take_turns(tenants, offers, {}, 9)), ElementsAre("a1"));
}

TEST(WorkspaceTurns, KeepToTheRoomAtAProviderButForRepliesThatAreThere) {
  const std::vector<Tenant> tenants{{"a", {"key"}}, {"b", {"key"}}};
  std::vector<Offer> offers{offer(0, {"a1", "a2", "a3"}), offer(1, {"b1"})};
  offers[0].candidates[2].recorded = true;
  EXPECT_THAT(ids(take_turns(tenants, offers, {{"key", 1}}, 9)), ElementsAre("a1", "a3"));
}

TEST(WorkspaceTurns, ProbeAKeyOnce) {
  const std::vector<Tenant> tenants{{"a"}, {"b"}, {"c"}};
  std::vector<Offer> offers{offer(0, {"a1"}), offer(1, {"b1"}), offer(2, {"c1"})};
  offers[0].probes = offers[1].probes = {"key"};
  offers[2].probes = {"other"};
  const auto picks = take_turns(tenants, offers, {}, 9);
  EXPECT_THAT(ids(picks), ElementsAre("a1", "c1"));
  EXPECT_THAT(picks.front().probes, ElementsAre("key"));
}

TEST(WorkspaceTurns, TakeAJobOnceThatTwoOffersHave) {
  const std::vector<Tenant> tenants{{"a"}};
  std::vector<Offer> offers{offer(0, {"a1"}), offer(0, {"a1", "a2"})};
  for (Offer& each : offers) {
    for (Candidate& candidate : each.candidates) candidate.contact_id.clear();
  }
  EXPECT_THAT(ids(take_turns(tenants, offers, {}, 9)), ElementsAre("a1", "a2"));
}

TEST(WorkspaceTurns, AreFairAndCompleteWhateverIsOffered) {
  std::minstd_rand random(7);
  const auto up_to = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 300; ++round) {
    std::vector<Tenant> tenants;
    std::vector<Offer> offers;
    for (int tenant = up_to(6); tenant >= 0; --tenant) {
      std::vector<std::string> jobs;
      for (int job = up_to(9); job > 0; --job) jobs.push_back(fmt::format("{}/{}", tenant, job));
      tenants.push_back(
          {.workspace_id = std::to_string(tenant), .room = up_to(1) == 0 ? kAnyNumber : up_to(4)});
      offers.push_back(offer(tenants.size() - 1, jobs));
    }
    const int places = up_to(30);
    const auto picks = take_turns(tenants, offers, {}, places);

    std::map<std::size_t, int> taken;
    for (const Pick& pick : picks) ++taken[pick.tenant];
    int possible = 0;
    int most = 0;
    for (std::size_t at = 0; at < tenants.size(); ++at) {
      const int share = std::min(static_cast<int>(offers[at].candidates.size()), tenants[at].room);
      EXPECT_LE(taken[at], share);
      possible += share;
      most = std::max(most, taken[at]);
    }
    EXPECT_EQ(std::min(places, possible), static_cast<int>(picks.size()));
    for (std::size_t at = 0; at < tenants.size(); ++at) {
      const int share = std::min(static_cast<int>(offers[at].candidates.size()), tenants[at].room);
      EXPECT_GE(taken[at], std::min(share, most - 1))
          << "nobody is two turns ahead of one who waits";
    }
  }
}

}  // namespace
}  // namespace autoreply
