/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.NullMarked;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package may use which, and Spring Boot's rules for auto-configuration.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	static final String ROOT = "io.github.jetstreamspring";

	@ArchTest
	static final ArchRule packagesUseOnlyWhatTheyMay = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.layer("annotation")
		.definedBy(ROOT + ".annotation")
		.layer("annotation.handler")
		.definedBy(ROOT + ".annotation.handler..")
		.layer("listener")
		.definedBy(ROOT + ".listener..")
		.layer("deadletter")
		.definedBy(ROOT + ".deadletter..")
		.layer("publisher")
		.definedBy(ROOT + ".publisher..")
		.layer("topology")
		.definedBy(ROOT + ".topology..")
		.layer("observation")
		.definedBy(ROOT + ".observation..")
		.layer("messaging")
		.definedBy(ROOT + ".messaging..")
		.layer("guard")
		.definedBy(ROOT + ".guard..")
		.layer("wire")
		.definedBy(ROOT + ".wire..")
		.layer("once")
		.definedBy(ROOT + ".once..")
		.layer("offline")
		.definedBy(ROOT + ".offline..")
		.layer("boot")
		.definedBy(ROOT + ".boot..")
		.whereLayer("boot")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("annotation")
		.mayOnlyBeAccessedByLayers("boot")
		.whereLayer("annotation.handler")
		.mayOnlyBeAccessedByLayers("annotation")
		.whereLayer("observation")
		.mayOnlyBeAccessedByLayers("boot")
		.whereLayer("listener")
		.mayOnlyBeAccessedByLayers("annotation", "annotation.handler", "observation", "once", "boot")
		.whereLayer("deadletter")
		.mayOnlyBeAccessedByLayers("annotation", "annotation.handler", "boot")
		.whereLayer("publisher")
		.mayOnlyBeAccessedByLayers("annotation", "annotation.handler", "listener", "deadletter", "observation", "boot")
		.whereLayer("topology")
		.mayOnlyBeAccessedByLayers("annotation", "boot")
		.whereLayer("messaging")
		.mayOnlyBeAccessedByLayers("annotation", "annotation.handler", "listener", "deadletter", "publisher",
				"topology", "observation", "boot")
		.whereLayer("guard")
		.mayOnlyBeAccessedByLayers("annotation", "annotation.handler", "listener", "deadletter", "publisher",
				"topology", "messaging", "wire", "observation", "once", "boot")
		.whereLayer("wire")
		.mayOnlyBeAccessedByLayers("messaging", "listener", "boot")
		.whereLayer("once")
		.mayOnlyBeAccessedByLayers("boot")
		.whereLayer("offline")
		.mayOnlyBeAccessedByLayers("boot");

	@ArchTest
	static final ArchRule onlyListenersPull = noClasses().that()
		.resideOutsideOfPackages(ROOT + ".listener", ROOT + ".listener.pull")
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ROOT + ".listener.pull");

	@ArchTest
	static final ArchRule pullingKnowsNoListeners = noClasses().that()
		.resideInAPackage(ROOT + ".listener.pull")
		.should()
		.dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(
				resideInAnyPackage(ROOT + ".listener.pull", ROOT + ".messaging", ROOT + ".wire", ROOT + ".guard"))));

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule onlyTheBootPackagesKnowSpringBoot = noClasses().that()
		.resideOutsideOfPackage(ROOT + ".boot..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should()
		.resideInAPackage(ROOT + "..")
		.andShould(new com.tngtech.archunit.lang.ArchCondition<>("be in a @NullMarked package") {

			@Override
			public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
				events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(type,
						type.getPackage().isAnnotatedWith(NullMarked.class), type.getPackageName()));
			}

		});

	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule autoConfigurationsHaveNoPublicConstructor = constructors().that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule configurationsAreNotProxied = classes().that()
		.areAnnotatedWith(Configuration.class)
		.and()
		.areNotAnnotatedWith(AutoConfiguration.class)
		.should(new com.tngtech.archunit.lang.ArchCondition<>("have proxyBeanMethods = false") {

			@Override
			public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
				events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(type,
						!type.getAnnotationOfType(Configuration.class).proxyBeanMethods(), type.getName()));
			}

		});

	@ArchTest
	static final ArchRule beanMethodsArePackagePrivate = methods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.bePackagePrivate();

	@ArchTest
	static final ArchRule postProcessorsComeFromStaticMethods = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(com.tngtech.archunit.base.DescribedPredicate.or(
				com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(BeanPostProcessor.class),
				com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class)))
		.should()
		.beStatic();

	@ArchTest
	static final ArchRule beanMethodsHaveNoClassConditions = noMethods().that()
		.areAnnotatedWith(Bean.class)
		.should()
		.beAnnotatedWith(ConditionalOnClass.class);

	@ArchTest
	static final ArchRule nothingIsFoundByScanning = noClasses().should()
		.beAnnotatedWith(Component.class)
		.orShould()
		.beAnnotatedWith(ComponentScan.class);

	@ArchTest
	static final ArchRule loggersBearTheNameOfTheirClass = classes()
		.should(new com.tngtech.archunit.lang.ArchCondition<>("log under their own name") {

			@Override
			public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
				type.getMethodCallsFromSelf()
					.stream()
					.filter((call) -> call.getTarget()
						.getFullName()
						.equals(LogFactory.class.getName() + ".getLog(java.lang.Class)"))
					.forEach((call) -> events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(type,
							call.getOrigin()
								.getReferencedClassObjects()
								.stream()
								.anyMatch((named) -> named.getLineNumber() == call.getLineNumber()
										&& named.getRawType().equals(type)),
							call.getDescription())));
			}

		});

	@ArchTest
	static void noFileHasMoreThanThreeHundredLinesOfCode(JavaClasses classes) throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			assertThat(files.filter((file) -> file.toString().endsWith(".java"))).isNotEmpty()
				.allSatisfy((file) -> assertThat(linesOfCode(file)).as(file.toString()).isLessThanOrEqualTo(300));
		}
	}

	@ArchTest
	static void noClassHasMoreThanFifteenFields(JavaClasses classes) {
		assertThat(classes.stream().filter((type) -> fields(type) > 15).map(JavaClass::getName)).isEmpty();
	}

	@ArchTest
	static void aThirdOfTheTypesIsPublicAtMost(JavaClasses classes) {
		List<JavaClass> types = classes.stream().filter(JavaClass::isTopLevelClass).toList();
		long open = types.stream().filter((type) -> type.getModifiers().contains(JavaModifier.PUBLIC)).count();
		assertThat(3 * open).as("3 * public types").isLessThanOrEqualTo(types.size());
	}

	private static long linesOfCode(Path file) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.map(String::strip)
			.filter((line) -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("*")
					&& !line.startsWith("/*") && !line.startsWith("import ") && !line.startsWith("package "))
			.count();
	}

	// The components of a record only say what belongs together
	private static long fields(JavaClass type) {
		return type.isRecord() ? 0
				: type.getFields()
					.stream()
					.filter((field) -> !field.getModifiers().contains(JavaModifier.STATIC)
							&& !field.getModifiers().contains(JavaModifier.SYNTHETIC))
					.count();
	}

}
