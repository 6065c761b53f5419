package org.postern.driver.pattern;

/** Makes up rules, most of them right, and keys of which some match. */
interface RandomRules {

  /** A line, or several, with line ends. */
  String line();

  /** A key without line end. */
  String key();
}
