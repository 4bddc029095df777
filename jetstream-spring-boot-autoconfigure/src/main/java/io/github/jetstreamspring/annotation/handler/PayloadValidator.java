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

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.github.jetstreamspring.listener.UnprocessableMessageException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Validates the payloads of a parameter.
 *
 * @param validator the validator
 * @param name the parameter's name
 * @param groups the groups to validate; none for the default one
 */
record PayloadValidator(Validator validator, String name, Object[] groups) {

	// Whatever isn't the index of a list; a key may have brackets itself
	private static final Pattern KEY = Pattern.compile("\\[(?!\\d{1,6}\\]).*\\]", Pattern.DOTALL);

	/**
	 * Whether the payloads of a parameter are to be validated.
	 * @param parameter the parameter
	 * @return whether an annotation says so
	 */
	static boolean isFor(MethodParameter parameter) {
		return groups(parameter) != null;
	}

	/**
	 * Creates a validator.
	 * @param parameter the parameter
	 * @param validator the validator, if there is one
	 * @return the validator, or {@code null} if there is nothing to validate
	 */
	static @Nullable PayloadValidator of(MethodParameter parameter, @Nullable Validator validator) {
		Object[] groups = groups(parameter);
		return (validator != null && groups != null)
				? new PayloadValidator(validator, String.valueOf(parameter.getParameterName()), groups) : null;
	}

	private static Object @Nullable [] groups(MethodParameter parameter) {
		Object[] groups = groups(parameter.getParameterAnnotations());
		return (groups != null) ? groups : groups(parameter.getParameter().getAnnotatedType());
	}

	// That of a Message<@Valid Order>
	private static Object @Nullable [] groups(AnnotatedType type) {
		if (type instanceof AnnotatedParameterizedType outer) {
			for (AnnotatedType inner : outer.getAnnotatedActualTypeArguments()) {
				Object[] groups = groups(inner.getAnnotations());
				groups = (groups != null) ? groups : groups(inner);
				if (groups != null) {
					return groups;
				}
			}
		}
		return null;
	}

	private static Object @Nullable [] groups(Annotation[] annotations) {
		for (Annotation annotation : annotations) {
			Object[] groups = ValidationAnnotationUtils.determineValidationHints(annotation);
			if (groups != null) {
				return groups;
			}
		}
		return null;
	}

	/**
	 * Validates a payload, or each element of one that is a list, an array or a map.
	 * @param payload the payload
	 * @throws UnprocessableMessageException if it is not valid
	 */
	void validate(Object payload) {
		List<String> errors = new ArrayList<>();
		validate(payload, "", errors);
		if (!errors.isEmpty()) {
			throw new UnprocessableMessageException("The payload is not valid: " + String.join(", ", errors), null);
		}
	}

	private void validate(Object payload, String path, List<String> errors) {
		if (path.isEmpty() || this.validator.supports(payload.getClass())) {
			BindingResult result = new BeanPropertyBindingResult(payload, this.name);
			if (this.groups.length > 0 && this.validator instanceof SmartValidator smart) {
				smart.validate(payload, result, this.groups);
			}
			else {
				this.validator.validate(payload, result);
			}
			result.getAllErrors().forEach((error) -> errors.add(describe(error, path)));
		}
		Collection<?> elements = elements(payload);
		int index = 0;
		for (Object element : elements) {
			if (element != null && !BeanUtils.isSimpleValueType(element.getClass())) {
				validate(element, path + ((payload instanceof Map) ? "[*]" : "[" + index + "]"), errors);
			}
			index++;
		}
	}

	private static Collection<?> elements(Object payload) {
		if (payload instanceof Map<?, ?> map) {
			return map.values();
		}
		if (payload instanceof Collection<?> collection) {
			return collection;
		}
		return (payload instanceof Object[] array) ? Arrays.asList(array) : List.of();
	}

	// Names what is wrong, never the values, nor the keys of maps, which are the
	// payload's
	private static String describe(ObjectError error, String path) {
		String where = (error instanceof FieldError field) ? KEY.matcher(field.getField()).replaceAll("[*]")
				: error.getObjectName();
		return path + ((path.isEmpty() || !(error instanceof FieldError)) ? "" : ".") + where + " (" + error.getCode()
				+ ")";
	}

}
