package org.postern.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.postern.driver.berkeleydb.BerkeleyDbDriver;
import org.postern.host.daemon.Daemon;
import org.postern.plugin.berkeleydb.BerkeleyDbPlugin;
import org.postern.spi.Spi;

/** Which room may know which: docs/architecture.md. */
@AnalyzeClasses(packages = "org.postern", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** So that no rule below holds because a room was not looked at. */
  @ArchTest
  static void everyRoomIsSeen(JavaClasses classes) {
    classes.get(Spi.class);
    classes.get(Daemon.class);
    classes.get(BerkeleyDbDriver.class);
    classes.get(BerkeleyDbPlugin.class);
  }

  @ArchTest
  static final ArchRule SPI_DEPENDS_ON_NOTHING =
      classes()
          .that()
          .resideInAPackage("org.postern.spi..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("org.postern.spi..", "java..", "org.jspecify.."));

  @ArchTest
  static final ArchRule DRIVERS_KNOW_THE_SPI_AND_THEIR_BACKEND =
      noClasses()
          .that()
          .resideInAPackage("org.postern.driver..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "org.postern.host..",
                  "org.postern.plugin..",
                  "org.postern.testkit..",
                  "org.pf4j..",
                  "picocli..",
                  "ch.qos.logback.."));

  @ArchTest
  static final ArchRule DRIVERS_DO_NOT_KNOW_EACH_OTHER =
      slices()
          .matching("org.postern.driver.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              alwaysTrue(),
              resideInAnyPackage("org.postern.driver.file..", "org.postern.driver.database.."))
          .as("drivers do not know each other; what several share is in the rooms file, database");

  @ArchTest
  static final ArchRule PLUGINS_NAME_DRIVERS_BY_THE_SPI_ALONE =
      classes()
          .that()
          .resideInAPackage("org.postern.plugin..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "org.postern.plugin..",
                  "org.postern.driver..",
                  "org.postern.spi..",
                  "java..",
                  "org.jspecify.."));

  @ArchTest
  static final ArchRule THE_HOST_KNOWS_NO_DRIVER =
      noClasses()
          .that()
          .resideInAPackage("org.postern.host..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.postern.driver..", "org.postern.plugin..")
                  .and(not(resideInAPackage("org.postern.driver.file.."))))
          .as("the host knows no driver, but reads the text files of tables as drivers do");

  @ArchTest
  static final ArchRule ONLY_PLUGIN_LOADING_KNOWS_PF4J =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.postern.host.plugin..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.pf4j.."));

  @ArchTest
  static final ArchRule A_LOOKUP_GOES_STRAIGHT_THROUGH_THE_HOST =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("command")
          .definedBy("org.postern.host.command..")
          .layer("daemon")
          .definedBy("org.postern.host.daemon..")
          .layer("server")
          .definedBy("org.postern.host.server..")
          .layer("service")
          .definedBy("org.postern.host.service..")
          .layer("table")
          .definedBy("org.postern.host.table..")
          .layer("protocol")
          .definedBy("org.postern.host.protocol..")
          .layer("text")
          .definedBy("org.postern.host.text..")
          .whereLayer("command")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("daemon")
          .mayOnlyBeAccessedByLayers("command")
          .whereLayer("server")
          .mayOnlyBeAccessedByLayers("daemon")
          .whereLayer("service")
          .mayOnlyBeAccessedByLayers("daemon", "server")
          .whereLayer("table")
          .mayOnlyBeAccessedByLayers("command", "daemon", "service");

  @ArchTest
  static final ArchRule NO_PACKAGES_OF_THE_HOST_KNOW_EACH_OTHER_IN_A_CIRCLE =
      slices().matching("org.postern.host.(*)..").should().beFreeOfCycles();
}
