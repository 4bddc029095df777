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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.GenericConverter;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.format.Formatter;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.format.support.FormattingConversionService;

/**
 * Converts headers as the application converts elsewhere: by its beans of type
 * {@link Converter}, {@link GenericConverter} and {@link Formatter}, by its
 * {@link ConversionService}, and by Spring's defaults.
 */
final class HeaderConversion implements ConversionService {

	private static final Log logger = LogFactory.getLog(HeaderConversion.class);

	private final GenericConversionService beans;

	private final @Nullable ConversionService application;

	private final ConversionService defaults;

	private HeaderConversion(ConfigurableListableBeanFactory beanFactory) {
		this.beans = withBeans(new FormattingConversionService(), beanFactory);
		this.application = beanFactory.getConversionService();
		// With the beans again, for lists of what they convert
		this.defaults = withBeans(new DefaultFormattingConversionService(), beanFactory);
	}

	static ConversionService of(ConfigurableListableBeanFactory beanFactory) {
		return new HeaderConversion(beanFactory);
	}

	private static FormattingConversionService withBeans(FormattingConversionService beans,
			ConfigurableListableBeanFactory beanFactory) {
		BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, GenericConverter.class)
			.values()
			.forEach(beans::addConverter);
		BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, Converter.class)
			.forEach((name, converter) -> add(beans, name, converter, beanFactory));
		BeanFactoryUtils.beansOfTypeIncludingAncestors(beanFactory, Formatter.class)
			.values()
			.forEach(beans::addFormatter);
		return beans;
	}

	private static void add(FormattingConversionService beans, String name, Converter<?, ?> converter,
			ConfigurableListableBeanFactory beanFactory) {
		try {
			beans.addConverter(converter);
		}
		catch (IllegalArgumentException ex) {
			// A lambda doesn't tell its types, the method that makes the bean does
			addAsDeclared(beans, name, converter, beanFactory);
		}
	}

	@SuppressWarnings({ "unchecked", "rawtypes" })
	private static void addAsDeclared(FormattingConversionService beans, String name, Converter converter,
			ConfigurableListableBeanFactory beanFactory) {
		ResolvableType type = beanFactory.containsBeanDefinition(name)
				? beanFactory.getMergedBeanDefinition(name).getResolvableType().as(Converter.class)
				: ResolvableType.NONE;
		Class<?> source = type.getGeneric(0).resolve();
		Class<?> target = type.getGeneric(1).resolve();
		if (source != null && target != null) {
			beans.addConverter(source, target, converter);
		}
		else {
			logger.warn("Converter bean '%s' is not used for headers, as it doesn't tell from what to what it converts"
				.formatted(name));
		}
	}

	@Override
	public boolean canConvert(@Nullable Class<?> sourceType, Class<?> targetType) {
		return canConvert((sourceType != null) ? TypeDescriptor.valueOf(sourceType) : null,
				TypeDescriptor.valueOf(targetType));
	}

	@Override
	public boolean canConvert(@Nullable TypeDescriptor sourceType, TypeDescriptor targetType) {
		return service(sourceType, targetType).canConvert(sourceType, targetType);
	}

	@Override
	public <T> @Nullable T convert(@Nullable Object source, Class<T> targetType) {
		@SuppressWarnings("unchecked")
		T converted = (T) convert(source, TypeDescriptor.forObject(source), TypeDescriptor.valueOf(targetType));
		return converted;
	}

	@Override
	public @Nullable Object convert(@Nullable Object source, @Nullable TypeDescriptor sourceType,
			TypeDescriptor targetType) {
		return service(sourceType, targetType).convert(source, sourceType, targetType);
	}

	// The beans first, as the others convert nearly everything in one way or another
	private ConversionService service(@Nullable TypeDescriptor sourceType, TypeDescriptor targetType) {
		if (this.beans.canConvert(sourceType, targetType) && !this.beans.canBypassConvert(sourceType, targetType)) {
			return this.beans;
		}
		ConversionService known = this.application;
		return (known != null && known.canConvert(sourceType, targetType)) ? known : this.defaults;
	}

}
