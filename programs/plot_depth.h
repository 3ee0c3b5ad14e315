/* plot_depth: `delta1 plot depth`. */
#ifndef DELTA1_PROGRAMS_PLOT_DEPTH_H
#define DELTA1_PROGRAMS_PLOT_DEPTH_H

/* argv[0] is "depth"; an exit code. */
int delta1_plot_depth (int argc, char **argv);

#endif
