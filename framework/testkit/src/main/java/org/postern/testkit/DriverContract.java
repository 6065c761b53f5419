package org.postern.testkit;

/** All contracts. The test of a driver implements this one, once for each of its maptypes. */
public interface DriverContract
    extends LookupContract,
        SequenceContract,
        UpdateContract,
        DeleteContract,
        LoadContract,
        OpeningContract,
        ConcurrencyContract {}
