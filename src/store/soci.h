#pragma once

// Include SOCI's headers only through this file. Debian's libsoci-dev is built with Boost and says
// so in its configuration header, but does not depend on Boost's headers. Only templates for
// boost::optional and friends look at these macros, so leaving them out changes no binary
// interface.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#undef SOCI_HAVE_BOOST_DATE_TIME
#include <soci/soci.h>
