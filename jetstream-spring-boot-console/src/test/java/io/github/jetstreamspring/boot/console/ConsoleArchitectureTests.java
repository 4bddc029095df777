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
package io.github.jetstreamspring.boot.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the console consists of, and what it may use.
 */
@AnalyzeClasses(packages = ConsoleArchitectureTests.CONSOLE, importOptions = ImportOption.DoNotIncludeTests.class)
class ConsoleArchitectureTests {

	static final String ROOT = "io.github.jetstreamspring";

	static final String CONSOLE = ROOT + ".boot.console";

	@ArchTest
	static final ArchRule onlyTheAutoConfigurationIsPublic = classes().that()
		.areNotAnnotatedWith(AutoConfiguration.class)
		.and()
		.areTopLevelClasses()
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule everythingIsInOnePackage = classes().should().resideInAPackage(CONSOLE);

	@ArchTest
	static final ArchRule itUsesWhatThereIsForIt = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage(ROOT + ".annotation..", ROOT + ".listener.pull..", ROOT + ".publisher..", ROOT + ".wire..",
				ROOT + ".observation..", ROOT + ".once..", ROOT + ".offline..", ROOT + ".boot.actuate..",
				ROOT + ".boot.metrics..", ROOT + ".boot.health..");

	@ArchTest
	static final ArchRule itNeedsNoLibraryForJson = noClasses().should()
		.dependOnClassesThat()
		.resideInAnyPackage("tools.jackson..", "com.fasterxml..", "com.google.gson..", "jakarta.json..");

	@ArchTest
	static final ArchRule fewClassesKnowServlets = knownTo("Servlet", "jakarta.servlet..",
			"org.springframework.web.servlet..", "org.springframework.security.web.csrf..");

	@ArchTest
	static final ArchRule fewClassesKnowReactor = knownTo("Reactive", "reactor..", "org.springframework.web.reactive..",
			"org.springframework.security.web.server..");

	@ArchTest
	static final ArchRule fewClassesKnowActuator = knownTo("ConsolePort", "org.springframework.boot.actuate..");

	// As an application may have neither of them
	private static ArchRule knownTo(String prefix, String... packages) {
		return noClasses()
			.that(describe("are neither configuration nor for it",
					(type) -> !type.getName().startsWith(CONSOLE + "." + prefix)
							&& !type.getName().contains("Configuration")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(packages);
	}

	@ArchTest
	static void filesAndClassesAreSmall(JavaClasses classes) throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			assertThat(files.filter((file) -> file.toString().endsWith(".java"))).isNotEmpty()
				.allSatisfy((file) -> assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThan(350));
		}
		assertThat(classes.stream().filter((type) -> fields(type) > 15).map(JavaClass::getName)).isEmpty();
		assertThat(classes.stream().filter((type) -> !type.getPackage().isAnnotatedWith(NullMarked.class))).isEmpty();
	}

	private static long fields(JavaClass type) {
		return type.getFields().stream().filter((field) -> !field.getModifiers().contains(JavaModifier.STATIC)).count();
	}

}
