public enum StatesLanguagePlaceholder {}
