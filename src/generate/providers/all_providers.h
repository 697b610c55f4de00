#pragma once

#include "generate/provider.h"

namespace autoreply {

// Each provider is in the file of its name.

extern const Provider kOpenAi;
extern const Provider kAnthropic;
extern const Provider kGemini;
extern const Provider kAzure;
extern const Provider kDeepSeek;
extern const Provider kMistral;
extern const Provider kGroq;
extern const Provider kOpenRouter;
extern const Provider kOllama;
extern const Provider kEcho;

}  // namespace autoreply
