# The plain comments of our headers, as Doxygen wants them.
1s,^/[*] ,/** @file\
 * ,
s,^\( *\)/[*] ,\1/** ,
s,\([;\,{]\) */[*] ,\1 /**< ,
