#ifndef KOMPASS_CGEOS_SHIM_H
#define KOMPASS_CGEOS_SHIM_H
/* Only GEOS's reentrant interface: every call names its context. */
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
#endif
