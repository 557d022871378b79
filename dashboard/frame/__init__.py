"""The frame around every page. Apart from `pages`: beside them, Streamlit would run a page without its frame."""
