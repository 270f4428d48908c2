/* excpt.h - what a filter of exceptions returns. There is no __try (winshim_abi.h): see errhandlingapi.h. */
#ifndef _INC_EXCPT
#define _INC_EXCPT

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION -1

#endif /* _INC_EXCPT */
