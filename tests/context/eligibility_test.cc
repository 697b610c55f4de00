#include "context/eligibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "context/eligibility_case.h"

namespace autoreply {
namespace {

using Case = test::EligibilityCase;

using std::chrono::hours;
using Kind = AttemptResult::Kind;

TEST(EarlyResult, FindsNoneForAnOrdinaryJob) {
  EXPECT_EQ("none", Case{}.found());
}

TEST(EarlyResult, EndsAJobThatHasNoAttemptLeft) {
  Case lapsed;
  lapsed.job.exhausted = lapsed.job.broken_off = true;
  EXPECT_EQ("reject: lease expired", lapsed.found());
  Case used_up;
  used_up.job.exhausted = true;
  EXPECT_EQ("reject: attempts used up", used_up.found());
}

TEST(EarlyResult, EndsAJobInDoubtThatMayNotBeSentAgain) {
  Case sent_twice;
  sent_twice.job.in_doubt = true;
  sent_twice.job.sends = 2;
  EXPECT_EQ("reject: delivery unknown: sent 2 times without a definite answer", sent_twice.found());
  sent_twice.rules.max_sends = 3;
  EXPECT_EQ("none", sent_twice.found());
  sent_twice.job.exhausted = true;
  EXPECT_EQ("reject: delivery unknown: sent 2 times without a definite answer", sent_twice.found());
}

TEST(EarlyResult, CompletesWhatTheHostShowsAsSent) {
  Case sent;
  sent.job.in_doubt = sent.job.exhausted = sent.job.broken_off = true;
  sent.job.sends = 2;
  sent.context.found_at_host = true;
  sent.context.config->enabled = false;
  EXPECT_EQ("delivered", sent.found());
}

TEST(EarlyResult, WaitsForTheHostsRecordAfterAProcessDied) {
  Case died;
  died.job.in_doubt = died.job.broken_off = died.job.exhausted = true;
  died.job.sends = 1;
  died.context.since_sent = std::chrono::seconds{119};
  EXPECT_EQ("in doubt: the lease ran out after the reply was recorded", died.found());
  died.context.since_sent = std::chrono::seconds{120};
  EXPECT_EQ("reject: delivery unknown: sent 1 times without a definite answer", died.found());
  died.job.exhausted = false;
  EXPECT_EQ("none", died.found());
}

TEST(EarlyResult, DoesNotWaitAgainWhereTheWaitWasSettled) {
  Case waited;
  waited.job.in_doubt = true;
  waited.job.sends = 1;
  waited.context.since_sent = std::chrono::seconds{1};
  EXPECT_EQ("none", waited.found());
}

TEST(EarlyResult, DoesNotCountRefusedTransmissionsAgainstTheSends) {
  Case refused;
  refused.job.sends = 2;
  EXPECT_EQ("none", refused.found());
}

TEST(EarlyResult, SkipsASecondEntryOfAnAnsweredMessage) {
  Case duplicate;
  duplicate.context.answered_elsewhere = true;
  EXPECT_EQ("skip: duplicate", duplicate.found());
}

TEST(EarlyResult, SkipsAWorkspaceThatIsSwitchedOff) {
  Case off;
  off.context.config->enabled = false;
  EXPECT_EQ("skip: switched off", off.found());
}

TEST(EarlyResult, RejectsAContactThatCannotBeWrittenTo) {
  Case missing;
  missing.context.contact.reset();
  EXPECT_EQ("reject: the contact does not exist", missing.found());
  Case foreign;
  foreign.context.contact->workspace_id = "other";
  EXPECT_EQ("reject: the contact belongs to another workspace", foreign.found());
  Case numberless;
  numberless.context.contact->phone_number = "";
  EXPECT_EQ("reject: the contact has no phone number", numberless.found());
  Case malformed;
  malformed.context.contact->phone_number = "555-0101 ext";
  EXPECT_EQ(0U, malformed.found().find("reject: the contact's phone number"));
  EXPECT_EQ(std::string::npos, malformed.found().find("0101")) << "errors hold no phone numbers";
}

TEST(EarlyResult, SkipsAContactWhoseStatusSaysOptedOut) {
  for (const char* status : {"opted_out",
                             "Opted Out",
                             "opt-out",
                             "OptOut",
                             "Unsubscribed",
                             " STOPPED ",
                             "do_not_contact",
                             "Do Not Contact",
                             "DNC",
                             "opted\u00A0out"}) {
    Case opted_out;
    opted_out.context.contact->conversation_status = status;
    EXPECT_EQ("skip: opted out", opted_out.found()) << status;
  }
  for (const char* status : {"", "open", "Opted In", "subscribed", "not opted out", "non-stop"}) {
    Case open;
    open.context.contact->conversation_status = status;
    EXPECT_EQ("none", open.found()) << status;
  }
  Case own;
  own.context.contact->conversation_status = "Nicht st\u00F6ren";
  EXPECT_EQ("none", own.found());
  own.rules.opted_out_statuses = {"nicht_storen"};
  EXPECT_EQ("skip: opted out", own.found());
}

TEST(EarlyResult, GoesByTheLastWordThatOptsOutOrIn) {
  const auto found = [](std::vector<std::string> newest_first) {
    Case by_word;
    by_word.context.short_texts_since = std::move(newest_first);
    return by_word.found();
  };
  EXPECT_EQ("skip: opted out", found({"Stop!", "hello"}));
  EXPECT_EQ("skip: opted out", found({"ok", "thanks", "STOP", "START"}));
  EXPECT_EQ("none", found({"start", "STOP"}));
  EXPECT_EQ("none", found({"Yes", "STOP"}));
  EXPECT_EQ("none", found({"please stop by", "HELP"}));
}

TEST(EarlyResult, LeavesToTheCarrierWhatTheCarrierAnswers) {
  const auto found = [](const char* body) {
    Case word;
    word.context.original->body = body;
    return word.found();
  };
  for (const char* word : {"HELP", "Info", "start", "UNSTOP", " help! "}) {
    EXPECT_EQ("skip: nothing to answer", found(word)) << word;
  }
  for (const char* word :
       {"STOP", "Opt out", "cancel.", "stop stop", "STOP\n\nSent from my iPhone"}) {
    EXPECT_EQ("skip: opted out", found(word)) << word;
  }
  EXPECT_EQ("skip: nothing to answer", found("Liked \u201CSee you\u201D"));
  EXPECT_EQ("none", found("Yes"));
  EXPECT_EQ("none", found("I need help"));
  Case own;
  own.context.original->body = "HELP";
  own.rules.carrier_words = *CarrierWords::parse({"STOP"});
  EXPECT_EQ("none", own.found());
}

TEST(EarlyResult, DefersANationalNumberUntilACountryCodeIsNamed) {
  Case national;
  national.context.contact->phone_number = "(555) 555-0101";
  EXPECT_EQ(0U, national.found().find("defer: "));
  EXPECT_NE(std::string::npos, national.found().find("--country-code"));
  EXPECT_EQ(std::string::npos, national.found().find("0101"));
  national.rules.country_code = "1";
  EXPECT_EQ("none", national.found());
  EXPECT_EQ("+15555550101", recipient_of(national.context, national.rules));
  national.rules.country_code = "";
  national.context.age = hours{25};
  EXPECT_EQ(0U, national.found().find("reject: expired")) << "it waits no longer than --max-age";
}

TEST(EarlyResult, SkipsAJobThatAHumanAnsweredFaster) {
  using std::chrono::seconds;
  const auto found = [](seconds age, seconds after, bool always) {
    Case answered;
    answered.context.age = age;
    answered.context.others_answer_after = after;
    answered.rules.skip_answered = always;
    return answered.found();
  };
  EXPECT_EQ("skip: answered", found(seconds{601}, seconds{61}, false));
  EXPECT_EQ("none", found(seconds{600}, seconds{61}, false)) << "it has not waited long";
  EXPECT_EQ("none", found(seconds{601}, seconds{60}, false)) << "an acknowledgement";
  EXPECT_EQ("skip: answered", found(seconds{1}, seconds{0}, true));
  Case recorded;
  recorded.context.recorded = RecordedReply{"log", "text"};
  recorded.context.age = seconds{601};
  recorded.context.others_answer_after = seconds{61};
  EXPECT_EQ("skip: answered", recorded.found());
}

TEST(ApplyConditions, PutsWhatWasReadAnewIntoTheContext) {
  Case gone;
  apply_conditions({.age = hours{1}, .contact = std::nullopt}, gone.context);
  EXPECT_EQ("reject: the contact does not exist", gone.found());
  Case changed;
  SendConditions now{.age = hours{25}, .contact = changed.context.contact};
  apply_conditions(now, changed.context);
  EXPECT_EQ(0U, changed.found().find("reject: expired"));
  now.short_texts_since = {"STOP"};
  apply_conditions(now, changed.context);
  EXPECT_EQ("skip: opted out", changed.found());
  now.config_enabled = false;
  apply_conditions(now, changed.context);
  EXPECT_EQ("skip: switched off", changed.found());
}

TEST(EarlyResult, FailsAJobThatIsTooOld) {
  Case old;
  old.context.age = hours{25};
  EXPECT_EQ("reject: expired: created 1d1h ago, --max-age is 1d", old.found());
  old.rules.max_age = hours{0};
  EXPECT_EQ("none", old.found());
  Case doubtful;
  doubtful.context.age = hours{25};
  doubtful.job.in_doubt = true;
  doubtful.job.sends = 1;
  EXPECT_EQ(0U, doubtful.found().find("reject: delivery unknown: expired"));
}

TEST(EarlyResult, SkipsARecordedReplyThatALaterAnswerSuperseded) {
  Case superseded;
  superseded.context.recorded = RecordedReply{"log", "text"};
  superseded.context.superseded = true;
  EXPECT_EQ("skip: superseded", superseded.found());
}

TEST(EarlyResult, NeedsNoMessageForARecordedReply) {
  Case recorded;
  recorded.context.recorded = RecordedReply{"log", "text"};
  recorded.context.original.reset();
  EXPECT_EQ("none", recorded.found());
}

TEST(EarlyResult, RetriesAMessageThatMayBeOnItsWay) {
  Case early;
  early.context.original.reset();
  EXPECT_EQ("retry: the message does not exist (yet)", early.found());
}

TEST(EarlyResult, RejectsAMessageThatIsNotTheJobs) {
  Case workspace;
  workspace.context.original->workspace_id = "other";
  EXPECT_EQ("reject: the message belongs to another workspace", workspace.found());
  Case contact;
  contact.context.original->contact_id = "other";
  EXPECT_EQ("reject: the message belongs to another contact", contact.found());
}

TEST(EarlyResult, SkipsAMessageThatHoldsNothingToAnswer) {
  for (const char* body : {"",
                           " \n\t",
                           "\x01\x02",
                           "\uFFFC",
                           "\uFFFC \uFFFC\n",
                           "\u00A0",
                           "\u200B\uFEFF",
                           "\u2800\uFE0F\u3164"}) {
    Case empty;
    empty.context.original->body = body;
    EXPECT_EQ("skip: nothing to answer", empty.found());
  }
  Case outbound;
  outbound.context.original->direction = "outbound";
  EXPECT_EQ("skip: nothing to answer", outbound.found());
  Case call;
  call.context.original->is_text = false;
  EXPECT_EQ("skip: nothing to answer", call.found());
}

TEST(EarlyResult, WaitsForADirectionThatItKnows) {
  for (const char* direction : {"INBOUND", "incoming", ""}) {
    Case unknown;
    unknown.context.original->direction = direction;
    EXPECT_THAT(unknown.found(), testing::StartsWith("defer: the message's direction"))
        << direction;
  }
}

}  // namespace
}  // namespace autoreply
