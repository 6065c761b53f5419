package org.postern.host.table;

import org.postern.spi.Table;

/** A table as a table that is made of others sees it: for as long as that one is open. */
sealed interface Member extends Table permits ReadyMember, UnavailableMember {}
