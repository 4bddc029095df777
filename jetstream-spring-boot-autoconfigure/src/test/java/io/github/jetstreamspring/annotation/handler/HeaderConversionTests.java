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

package io.github.jetstreamspring.annotation.handler;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.format.Formatter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HeaderConversion}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HeaderConversionTests {

	@Test
	void whenTheApplicationHasConvertersThenTheyAreUsed() {
		ConversionService conversion = conversion(Converters.class);
		assertThat(conversion.convert("a", Colour.class)).isEqualTo(new Colour("by lambda a"));
		assertThat(conversion.convert("a", Shape.class)).isEqualTo(new Shape("by formatter a"));
		assertThat(conversion.convert(List.of("a"), TypeDescriptor.valueOf(List.class),
				TypeDescriptor.collection(List.class, TypeDescriptor.valueOf(Colour.class))))
			.isEqualTo(List.of(new Colour("by lambda a")));
		assertThat(conversion.convert("7", int.class)).isEqualTo(7);
	}

	@Test
	void whenTheApplicationHasAConversionServiceThenItIsUsed() {
		ConversionService conversion = conversion(Service.class);
		assertThat(conversion.convert("a", Shape.class)).isEqualTo(new Shape("by service a"));
		assertThat(conversion.canConvert(String.class, Shape.class)).isTrue();
	}

	@Test
	void whenItIsBootsThenDurationsAreRead() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
			context.refresh();
			assertThat(HeaderConversion.of(context.getBeanFactory()).convert("5s", Duration.class))
				.isEqualTo(Duration.ofSeconds(5));
		}
	}

	@Test
	void whenAConverterDoesntTellItsTypesThenTheLogNamesIt(CapturedOutput output) {
		conversion(Untold.class);
		assertThat(output).contains("Converter bean 'untold' is not used for headers");
	}

	private static ConversionService conversion(Class<?> configuration) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(configuration)) {
			return HeaderConversion.of(context.getBeanFactory());
		}
	}

	record Colour(String name) {
	}

	record Shape(String name) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Converters {

		@Bean
		Converter<String, Colour> colours() {
			return (text) -> new Colour("by lambda " + text);
		}

		@Bean
		Formatter<Shape> shapes() {
			return new ShapeFormatter();
		}

	}

	static class ShapeFormatter implements Formatter<Shape> {

		@Override
		public Shape parse(String text, Locale locale) {
			return new Shape("by formatter " + text);
		}

		@Override
		public String print(Shape shape, Locale locale) {
			return shape.name();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Service {

		@Bean
		ConversionService conversionService() {
			DefaultConversionService service = new DefaultConversionService();
			service.addConverter(String.class, Shape.class, (text) -> new Shape("by service " + text));
			return service;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Untold {

		@Bean
		@SuppressWarnings("rawtypes")
		Converter untold() {
			return (text) -> text;
		}

	}

}
