package org.postern.distribution;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
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
import org.postern.config.Configuration;
import org.postern.driver.berkeleydb.BerkeleyDbDriver;
import org.postern.host.Host;
import org.postern.loader.Plugins;
import org.postern.operations.status.StatusReport;
import org.postern.platform.text.LogicalLines;
import org.postern.plugin.berkeleydb.BerkeleyDbPlugin;
import org.postern.program.daemon.Daemon;
import org.postern.spi.Spi;
import org.postern.tablekit.TableConfig;

/** Which room may know which: docs/architecture.md. */
@AnalyzeClasses(packages = "org.postern", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** So that no rule below holds because a room was not looked at. */
  @ArchTest
  static void everyRoomIsSeen(JavaClasses classes) {
    classes.get(Spi.class);
    classes.get(LogicalLines.class);
    classes.get(Configuration.class);
    classes.get(Plugins.class);
    classes.get(Host.class);
    classes.get(StatusReport.class);
    classes.get(Daemon.class);
    classes.get(TableConfig.class);
    classes.get(BerkeleyDbDriver.class);
    classes.get(BerkeleyDbPlugin.class);
  }

  /** The rooms of framework/, each with those that it may know. */
  @ArchTest
  static final ArchRule NO_ARROW_RUNS_UPWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("spi")
          .definedBy("org.postern.spi..")
          .layer("platform")
          .definedBy("org.postern.platform..")
          .layer("config")
          .definedBy("org.postern.config..")
          .layer("loader")
          .definedBy("org.postern.loader..")
          .layer("host")
          .definedBy("org.postern.host..")
          .layer("operations")
          .definedBy("org.postern.operations..")
          .layer("program")
          .definedBy("org.postern.program..")
          .layer("tablekit")
          .definedBy("org.postern.tablekit..")
          .layer("drivers")
          .definedBy("org.postern.driver..")
          .layer("plugins")
          .definedBy("org.postern.plugin..")
          .whereLayer("plugins")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("program")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("operations")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("host")
          .mayOnlyBeAccessedByLayers("operations", "program")
          .whereLayer("loader")
          .mayOnlyBeAccessedByLayers("host", "operations", "program")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("host", "operations", "program")
          .whereLayer("drivers")
          .mayOnlyBeAccessedByLayers("plugins")
          .whereLayer("tablekit")
          .mayOnlyBeAccessedByLayers("drivers")
          .whereLayer("platform")
          .mayOnlyBeAccessedByLayers(
              "config", "loader", "host", "operations", "program", "tablekit", "drivers")
          .because(
              "a room knows only those below it: program, operations, host, config or loader,"
                  + " platform, spi; plugins, drivers, tablekit, platform, spi. Move what both sides"
                  + " need down, or hand it in through the spi");

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
                  "org.postern.config..",
                  "org.postern.loader..",
                  "org.postern.host..",
                  "org.postern.operations..",
                  "org.postern.program..",
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
              resideInAnyPackage("org.postern.driver.file..", "org.postern.tablekit.."))
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
  static final ArchRule THE_HOST_NEEDS_LITTLE =
      classes()
          .that()
          .resideInAPackage("org.postern.host..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "org.postern.host..",
                  "org.postern.config..",
                  "org.postern.loader..",
                  "org.postern.platform..",
                  "org.postern.spi..",
                  "org.slf4j..",
                  "java..",
                  "org.jspecify.."))
          .because(
              "the host is what a request meets: whoever embeds it gets the loader's PF4J and SLF4J"
                  + " with it, and nothing else. What is seen of it belongs to operations, what is"
                  + " typed to program");

  @ArchTest
  static final ArchRule EACH_LIBRARY_HAS_ONE_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.postern.operations.json..",
              "org.postern.operations.http..",
              "org.postern.program..",
              "org.postern.manual..",
              "org.postern.testkit..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "com.fasterxml..", "io.micrometer..", "io.prometheus..", "picocli..", "ch.qos.."))
          .because(
              "Jackson is operations/json's, Micrometer operations/http's, picocli and Logback are"
                  + " the program's");

  @ArchTest
  static final ArchRule THE_C_LIBRARY_IS_LINKED_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.postern.platform.libc..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.foreign.Linker")
          .because("platform/libc has CFunction and CLibrary for that");

  @ArchTest
  static final ArchRule ONLY_THE_LOADER_KNOWS_PF4J =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.postern.loader..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("org.pf4j.."));

  @ArchTest
  static final ArchRule A_LOOKUP_GOES_STRAIGHT_THROUGH_THE_HOST =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("server")
          .definedBy("org.postern.host.server..")
          .layer("service")
          .definedBy("org.postern.host.service..")
          .layer("table")
          .definedBy("org.postern.host.table..")
          .layer("protocol")
          .definedBy("org.postern.host.protocol..")
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("service")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("table")
          .mayOnlyBeAccessedByLayers("service")
          .because(
              "a request goes from server to service to table, and its reply the same way back");

  @ArchTest
  static final ArchRule NO_PACKAGES_KNOW_EACH_OTHER_IN_A_CIRCLE =
      slices()
          .matching("org.postern.(host|operations|program|platform).(*)..")
          .should()
          .beFreeOfCycles();
}
