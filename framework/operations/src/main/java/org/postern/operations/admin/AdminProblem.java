package org.postern.operations.admin;

import java.util.Optional;

/**
 * The answer to a request that could not be fulfilled. Read from any other answer, it is empty.
 *
 * @param error what is wrong
 */
public record AdminProblem(Optional<String> error) {}
