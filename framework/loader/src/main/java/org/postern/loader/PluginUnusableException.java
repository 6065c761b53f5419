package org.postern.loader;

/** Carries a {@link PluginProblem} to where the plugin is left out. */
final class PluginUnusableException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient PluginProblem problem;

  PluginUnusableException(PluginProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  PluginProblem problem() {
    return problem;
  }
}
